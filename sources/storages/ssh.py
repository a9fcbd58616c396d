"""SSH connections: to allowed hosts only, with the one host key that was trusted, then logged in.

The host key is checked before anything of the login is sent. A server may have keys of several
kinds; the trusted one is asked for by name when the server shows another one first.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.places import SftpPlace
from definitions.troubles import Trouble
from sources.reaching import open_socket
from sources.storages.terms import StorageTerms

# Several times faster in this order, and with windows this large; others are for old servers.
FAST_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
WINDOW = 1 << 27
PACKET = 1 << 18
# Its errors are raised too; there is no need to have them on stderr.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)
KEY_FAMILIES = ("ssh-ed25519", "ecdsa-", "rsa-")
KEY_CLASSES: tuple[type[paramiko.PKey], ...] = (
    paramiko.Ed25519Key,
    paramiko.ECDSAKey,
    paramiko.RSAKey,
)


def open_transport(place: SftpPlace, terms: StorageTerms) -> paramiko.Transport:
    """Return a connection that is logged in; the caller closes it."""
    transport = _trusted(place, terms)
    try:
        _log_in(transport, place, terms)
    except BaseException:
        transport.close()
        raise
    return transport


def shown_host_key(host: str, port: int, terms: StorageTerms) -> str:
    """Return the fingerprint of the host key that a server shows to whoever trusts none yet."""
    transport = _greeted(host, port, terms)
    try:
        return _fingerprint(transport)
    finally:
        transport.close()


def _trusted(place: SftpPlace, terms: StorageTerms) -> paramiko.Transport:
    """Return a connection to the server that has the trusted key, of whichever kind that is."""
    shown: list[str] = []
    for family in ("", *KEY_FAMILIES):
        try:
            transport = _greeted(place.host, place.port, terms, family)
        except SourceUnreachableError:
            if not shown:
                raise
            continue  # it has no key of this kind
        fingerprint = _fingerprint(transport)
        if fingerprint == place.host_key:
            return transport
        transport.close()
        shown.append(fingerprint)
    which = place.integration_id or "INTEGRATION"
    msg = (
        f"{place.host}:{place.port} shows the host key {shown[0]}, but {place.host_key} is "
        "trusted; if its operator says that it was changed, trust the new one with `importmgr "
        f"integration test {which} --trust`, else somebody stands between"
    )
    raise SourceRefusedError(msg, trouble=Trouble.HOST_KEY)


def _greeted(host: str, port: int, terms: StorageTerms, family: str = "") -> paramiko.Transport:
    """Return a connection whose keys are exchanged, with a host key of a kind, but no login."""
    connection = open_socket(host, port, terms.policy, terms.connect_timeout)
    with _understood(f"{host}:{port}"):
        transport = paramiko.Transport(
            connection, default_window_size=WINDOW, default_max_packet_size=PACKET
        )
        try:
            transport.banner_timeout = terms.connect_timeout
            transport.auth_timeout = terms.read_timeout
            options = transport.get_security_options()
            slow = [name for name in options.ciphers if name not in FAST_CIPHERS]
            options.ciphers = (*FAST_CIPHERS, *slow)
            options.key_types = tuple(k for k in options.key_types if k.startswith(family))
            transport.start_client(timeout=terms.read_timeout)
            if not transport.initial_kex_done:  # which is not an error to the library
                raise TimeoutError
        except BaseException:
            transport.close()
            raise
    return transport


def _fingerprint(transport: paramiko.Transport) -> str:
    """Return the fingerprint of the server's key as OpenSSH writes it."""
    digest = hashlib.sha256(transport.get_remote_server_key().asbytes()).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _log_in(transport: paramiko.Transport, place: SftpPlace, terms: StorageTerms) -> None:
    """Log in with the key, then the password, as far as the server wants them."""
    server = f"{place.host}:{place.port}"
    wants_more = True
    with _understood(server):
        transport.auth_timeout = terms.read_timeout
        try:
            if place.private_key is not None:
                key = _private_key(place.private_key, place.passphrase)
                wants_more = bool(transport.auth_publickey(place.username, key))
            if place.password is not None and wants_more:
                wants_more = bool(transport.auth_password(place.username, place.password))
        except paramiko.AuthenticationException as exc:
            raise _login_refused(server, place) from exc
    if wants_more or not transport.is_authenticated():
        raise _login_refused(server, place)


def _login_refused(server: str, place: SftpPlace) -> SourceRefusedError:
    given = [
        name
        for name, value in (("key", place.private_key), ("password", place.password))
        if value is not None
    ]
    msg = (
        f"{server} refuses the login of {place.username!r} with its {' and '.join(given)}; "
        "correct them in the integration"
    )
    return SourceRefusedError(msg, trouble=Trouble.LOGIN)


def key_problem(text: str, passphrase: str | None) -> str | None:
    """Return what is wrong with a private key, or None; nothing of it is in that."""
    found = _read_key(text, passphrase)
    return found if isinstance(found, str) else None


def _private_key(text: str, passphrase: str | None) -> paramiko.PKey:
    """Return the key in a text, of whichever kind it is."""
    found = _read_key(text, passphrase)
    if isinstance(found, str):
        msg = f"the private key {found}"
        raise SourceRefusedError(msg, trouble=Trouble.LOGIN)
    return found


def _read_key(text: str, passphrase: str | None) -> paramiko.PKey | str:
    """Return the key in a text, or what is wrong with it."""
    is_locked = False
    for kind in KEY_CLASSES:
        for word in dict.fromkeys((None, passphrase)):
            try:
                return kind.from_private_key(io.StringIO(text), word)
            except paramiko.PasswordRequiredException:
                is_locked = True
            except (paramiko.SSHException, ValueError, IndexError, TypeError):
                continue  # of another kind, not readable at all, or of another passphrase
    if not is_locked:
        return "cannot be read; give the whole text of it, with its first and its last line"
    if passphrase is None:
        return "is locked; give its passphrase in the integration"
    return "is not opened by the passphrase; correct it in the integration"


@contextmanager
def _understood(server: str) -> Iterator[None]:
    """Translate what the library says of a connection."""
    try:
        yield
    except (paramiko.SSHException, EOFError, OSError) as exc:
        if isinstance(exc, TimeoutError) or isinstance(exc.__context__, TimeoutError):
            msg = f"{server} keeps silent; correct the address, or try again later"
            raise SourceUnreachableError(msg, trouble=Trouble.TIMEOUT) from exc
        reason = str(exc) or "it closed the connection"
        msg = f"{server} does not speak SSH as it should ({reason}); correct the port"
        raise SourceUnreachableError(msg, trouble=Trouble.REFUSED) from exc
