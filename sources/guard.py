"""Which hosts may be reached over HTTP, and a session that reaches no other.

A definition's address is written by a client, so it must not lead into the network the service
stands in. The check is made where a connection is opened: the host name is resolved once, every
address it has must be allowed, and the connection goes to one of the addresses that were checked;
a name that means something else a moment later changes nothing. TLS still checks the certificate
against the host name. Each redirect is a new connection and so a new check.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import requests
import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from definitions.errors import SourceRefusedError
from definitions.troubles import Trouble

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

MAX_REDIRECTS = 5
DEFAULT_PORTS = {"http": 80, "https": 443}

# What `allow_private` opens: this host and networks of an organization.
PRIVATE: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "::1/128",
        "fc00::/7",
    )
)
# Where cloud machines keep their credentials, besides link-local and shared ranges.
METADATA: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text) for text in ("fd00:ec2::254", "fd20:ce::254", "168.63.129.16")
)
# Counted as global, but ways into other networks: NAT64, 6to4, Teredo, shared and old ranges.
SPECIAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "::/96",
        "::ffff:0:0:0/96",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Which addresses may be connected to: public ones, `networks`, and private ones if wanted.

    Link-local addresses and `METADATA`, where cloud machines keep their credentials, and other
    special ranges are opened by `networks` only.
    """

    allow_private: bool = False
    networks: tuple[Network, ...] = ()

    def allows(self, text: str) -> bool:
        """Tell whether the address written as `text` may be connected to."""
        address = ipaddress.ip_address(text.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if _is_in(address, self.networks):
            return True
        if _is_in(address, METADATA):
            return False
        if _is_in(address, PRIVATE):
            return self.allow_private
        return address.is_global and not address.is_multicast and not _is_in(address, SPECIAL)


def guarded_session(policy: AddressPolicy, proxy: str | None) -> GuardedSession:
    """Return a session that reaches allowed hosts only, all through `proxy` if one is given.

    A proxy resolves host names itself, so behind one only literal addresses are checked here.
    """
    return GuardedSession(policy, proxy)


class GuardedSession(requests.Session):
    """A session that checks every connection and follows up to five redirects, each checked anew.

    Only http and https are spoken, https is never left for http, a login is not carried to another
    origin, and nothing is taken from the environment. `SourceRefusedError` is raised for whatever
    is not allowed.
    """

    def __init__(self, policy: AddressPolicy, proxy: str | None) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = "importmgr"
        self._policy = policy
        self._proxied = proxy is not None
        if proxy is not None:
            resolved_there = proxy.replace("socks5://", "socks5h://", 1)
            self.proxies = {"http": resolved_there, "https": resolved_there}
        self.mount("http://", _GuardedAdapter(policy))
        self.mount("https://", _GuardedAdapter(policy))

    def send(
        self,
        request: requests.PreparedRequest,
        **options: Any,  # noqa: ANN401 - handed on as they are
    ) -> requests.Response:
        """Send `request` and follow its redirects, unless told not to, without their bodies."""
        streamed, follows = options.get("stream", False), options.get("allow_redirects", True)
        options |= {"allow_redirects": False, "stream": True}
        for _ in range(MAX_REDIRECTS + 1):
            self._refuse_address(request.url or "")
            response = super().send(request, **options)
            if not (follows and response.is_redirect):
                _ = streamed or response.content  # which reads and keeps the body
                return response
            response.close()
            request = self._redirected(request, response.headers["Location"])
        msg = f"the source redirects more than {MAX_REDIRECTS} times; use the address it ends at"
        raise SourceRefusedError(msg)

    def resolve_redirects(self, *_: object, **__: object) -> Iterator[requests.Response]:
        """Follow nothing: `send` does, and this would read the body of a redirect whole."""
        return iter(())

    def _refuse_address(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in DEFAULT_PORTS:
            msg = f"the source's address has the scheme {parts.scheme!r}; only http and https work"
            raise SourceRefusedError(msg)
        literal = _literal(host) if self._proxied else None
        if literal is not None and not self._policy.allows(literal):
            raise not_allowed(host)

    def _redirected(self, old: requests.PreparedRequest, target: str) -> requests.PreparedRequest:
        """Return the request that a redirect of `old` to `target` asks for."""
        before, request = old.url or "", old.copy()
        request.headers.pop("Cookie", None)
        try:
            url = urljoin(before, target.encode("latin-1").decode(errors="replace"))
            if origin_of(url) != origin_of(before):
                request.headers.pop("Authorization", None)
            request.prepare_url(url, None)
        except ValueError:
            msg = "the source redirects to something that is no address; use the one it ends at"
            raise SourceRefusedError(msg) from None
        if urlsplit(before).scheme == "https" and urlsplit(url).scheme == "http":
            msg = "the source redirects from https to http; give an address that stays with https"
            raise SourceRefusedError(msg)
        request.prepare_cookies(self.cookies)
        return request


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of `url`: what a login belongs to."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(scheme)


class _GuardedAdapter(requests.adapters.HTTPAdapter):
    """An adapter that checks an address before it connects to it."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._pools = _guarded_pools(policy)
        super().__init__(max_retries=0)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002 - the signature is requests'
        **options: object,
    ) -> None:
        """Make the pools, with our classes."""
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _guarded_pools(policy: AddressPolicy) -> dict[str, type[HTTPConnectionPool]]:
    """Return pools by scheme whose connections are opened by `_connect`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, policy)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, policy)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, policy: AddressPolicy) -> socket.socket:
    """Resolve the connection's host once, check every address, connect to one of them."""
    addresses = _resolve(connection)
    if not all(policy.allows(address) for address in addresses):
        raise not_allowed(connection.host)
    failure: OSError | None = None
    for address in addresses:
        try:
            return create_connection(
                (address, connection.port),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except OSError as exc:
            failure = exc
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "timed out") from failure
    raise NewConnectionError(connection, str(failure)) from failure


def _resolve(connection: HTTPConnection) -> list[str]:
    """Return every address of the connection's host, as text."""
    host = connection.host
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except socket.gaierror as exc:
        raise NameResolutionError(host, connection, exc) from exc
    except UnicodeError as exc:
        msg = f"{host!r} cannot be a host name; correct the source's address"
        raise SourceRefusedError(msg) from exc
    return [str(entry[4][0]) for entry in found]


def not_allowed(host: str) -> SourceRefusedError:
    """Return what is raised for a host that the policy does not allow."""
    msg = (
        f"the host {host!r} has an address that sources may not use; "
        "the operator can allow its network with IMPORTMGR_ALLOWED_SOURCE_NETWORKS"
    )
    return SourceRefusedError(msg, trouble=Trouble.NOT_ALLOWED)


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _literal(host: str) -> str | None:
    """Return the address that `host` is, in whatever spelling, or None if it is a name."""
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
