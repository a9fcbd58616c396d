"""Web addresses as an import may name them: absolute http or https, and without a login.

The grammar is stricter than RFC 3986 on purpose: what two URL readers could read as two different
hosts is refused. No text made here holds the address, which may carry a token in its query.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

from definitions.errors import InvalidError

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_ADDRESS = 8_192
_MAX_HOST = 253
_MAX_PORT = 65_535
_BEGINNING = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::(?P<port>.*))?", re.DOTALL)
_HOST = re.compile(r"(?=.*[0-9A-Za-z])[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*\.?", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]|^\s|\s$")


def check_url(url: str) -> str | None:
    """Return what is wrong with a web address and what to do about it, or None."""
    if len(url) > MAX_ADDRESS:
        return f"must have at most {MAX_ADDRESS} characters, not {len(url)}"
    if _UNPRINTABLE.search(url):
        return "must not contain control characters, nor begin or end with a space"
    found = _BEGINNING.match(url)
    if found is None:
        return "must be an absolute address that begins with http:// or https://"
    if "@" in found["authority"]:
        return "must not contain a login before the host; give it in source.auth instead"
    return _authority_problem(found["authority"])


def plain_url_problem(url: str) -> str | None:
    """Return what is wrong with a web address that no login goes along with, or None."""
    problem = check_url(url)
    return problem and problem.replace("; give it in source.auth instead", "")


def origin(address: str) -> str:
    """Return scheme, host and port of a web address: lower case, the port always written.

    Raise `InvalidError` on an address with a problem.
    """
    problem = check_url(address)
    beginning = _BEGINNING.match(address)
    place = _AUTHORITY.fullmatch(beginning["authority"]) if beginning else None
    if problem or beginning is None or place is None:
        raise InvalidError({"source.import_url": [problem or "is not a web address"]})
    scheme = beginning["scheme"].lower()
    port = int(place["port"] or DEFAULT_PORTS[scheme])
    return f"{scheme}://{_canonical(place['host'])}:{port}"


def _authority_problem(authority: str) -> str | None:
    """Return what is wrong with the `host:port` of an address."""
    place = _AUTHORITY.fullmatch(authority)
    if place is None or not _is_host(place["host"]):
        return (
            "must name a host of letters, digits, dots and hyphens, or an IPv6 address in brackets;"
            " write an international name in its xn-- form"
        )
    if place["port"] is not None and not _is_port(place["port"]):
        return f"must have a port from 1 to {_MAX_PORT} after the colon, or no colon"
    return None


def _is_host(host: str) -> bool:
    """Tell whether a text is a host name, an IPv4 address or a bracketed IPv6 address."""
    if not host.startswith("["):
        return len(host) <= _MAX_HOST and _HOST.fullmatch(host) is not None
    try:
        IPv6Address(host[1:-1])
    except AddressValueError:
        return False
    return True


def _is_port(port: str) -> bool:
    """Tell whether a text is a port number."""
    return re.fullmatch(r"[0-9]{1,5}", port) is not None and 0 < int(port) <= _MAX_PORT


def _canonical(host: str) -> str:
    """Return the one spelling of a host."""
    return f"[{IPv6Address(host[1:-1])}]" if host.startswith("[") else host.lower()
