"""Opening a connection to a host that sources may reach, for protocols other than HTTP."""

from __future__ import annotations

import socket

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.troubles import Trouble
from sources.guard import AddressPolicy, not_allowed


def open_socket(host: str, port: int, policy: AddressPolicy, timeout: float) -> socket.socket:
    """Resolve `host` once, check every address it has, connect to one of them.

    The name may mean something else a moment later; nothing follows from that.
    """
    failure: OSError | None = None
    for address in check_host(host, port, policy):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as exc:
            failure = exc
    server = f"{host}:{port}"
    raise _failed(server, failure) from failure


def check_host(host: str, port: int, policy: AddressPolicy) -> list[str]:
    """Return the addresses of a host, every one of which is allowed."""
    addresses = _resolved(host, port)
    if not all(policy.allows(address) for address in addresses):
        raise not_allowed(host)
    return addresses


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as exc:
        msg = f"the host name {host!r} cannot be resolved ({exc.strerror}); correct it"
        raise SourceUnreachableError(msg, trouble=Trouble.RESOLUTION) from exc
    except UnicodeError as exc:
        msg = f"{host!r} cannot be a host name; correct it"
        raise SourceRefusedError(msg, trouble=Trouble.RESOLUTION) from exc
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _failed(server: str, failure: OSError | None) -> SourceUnreachableError:
    if isinstance(failure, ConnectionRefusedError):
        msg = f"{server} refuses connections; start the server there or correct the port"
        return SourceUnreachableError(msg, trouble=Trouble.REFUSED)
    if isinstance(failure, TimeoutError):
        msg = f"{server} does not answer; correct the address or open the firewall"
        return SourceUnreachableError(msg, trouble=Trouble.TIMEOUT)
    reason = failure.strerror if failure else "it has no address"
    return SourceUnreachableError(f"{server} cannot be reached ({reason})", trouble=Trouble.REFUSED)
