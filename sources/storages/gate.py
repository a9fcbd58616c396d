"""A way out for a library that connects by itself: checked, then relayed byte by byte.

The library takes it for its proxy, so that each of its connections begins here, those that follow
a redirect too: the name is resolved once, every address it has must be allowed, and one of those is
connected to. What it says over TLS cannot be read here. It listens on this machine only, and opens
no way that a process of this machine does not have anyway.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from definitions.errors import SourceRefusedError, SourceUnreachableError
from sources.guard import DEFAULT_PORTS
from sources.reaching import open_socket
from sources.storages.terms import StorageTerms

PIECE = 1 << 18
LONGEST_HEAD = 1 << 16
END_OF_HEAD = b"\r\n\r\n"
LOOPBACK = "127.0.0.1"


class Gate:
    """Relays connections to allowed hosts until it is closed, and knows why it refused the last."""

    def __init__(self, terms: StorageTerms) -> None:
        """Begin to listen."""
        self._terms = terms
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_closed = False
        self._refused: SourceRefusedError | SourceUnreachableError | None = None
        self._door = socket.create_server((LOOPBACK, 0))
        threading.Thread(target=self._listen, name="gate", daemon=True).start()

    @property
    def address(self) -> str:
        """Return its address, as that of a proxy."""
        return f"http://{LOOPBACK}:{self._door.getsockname()[1]}"

    def take_refusal(self) -> SourceRefusedError | SourceUnreachableError | None:
        """Return why a connection was refused since this was last asked."""
        refused, self._refused = self._refused, None
        return refused

    def close(self) -> None:
        """End every connection, and with it what another thread waits for."""
        with self._lock:
            ending, self._open = self._open | {self._door}, set()
            self._is_closed = True
        for each in ending:
            _end(each)

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._door.accept()
                threading.Thread(
                    target=self._serve, args=[client], name="gate", daemon=True
                ).start()

    def _serve(self, client: socket.socket) -> None:
        """See one connection through."""
        try:
            # a side that is gone, or speaks no HTTP, learns it by the end of its connection
            with suppress(OSError, ValueError, KeyError):
                if self._keep(client):
                    self._relay(client)
        finally:
            self._forget(client)

    def _relay(self, client: socket.socket) -> None:
        client.settimeout(self._terms.read_timeout)
        head = _read_head(client)
        try:
            host, port, first = _destination(head)
            server = open_socket(host, port, self._terms.policy, self._terms.connect_timeout)
        except (SourceRefusedError, SourceUnreachableError) as exc:
            self._refused = exc
            refused = isinstance(exc, SourceRefusedError)
            client.sendall(_answer(HTTPStatus.FORBIDDEN if refused else HTTPStatus.BAD_GATEWAY))
            return
        try:
            if not self._keep(server):
                return
            for each in (client, server):
                each.settimeout(None)
            if first:
                server.sendall(first)
            else:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            sending = threading.Thread(target=_pass_on, args=[client, server], daemon=True)
            sending.start()
            _pass_on(server, client)
            self._forget(client)
            sending.join()
        finally:
            self._forget(server)

    def _keep(self, connection: socket.socket) -> bool:
        """Remember a connection to close it in the end; tell whether that has not come yet."""
        with self._lock:
            if not self._is_closed:
                self._open.add(connection)
            return not self._is_closed

    def _forget(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)
        _end(connection)


def _read_head(client: socket.socket) -> bytes:
    """Return the head of a request and what came with it."""
    head = b""
    while END_OF_HEAD not in head and len(head) < LONGEST_HEAD:
        piece = client.recv(PIECE)
        if not piece:
            raise ConnectionResetError
        head += piece
    return head


def _destination(head: bytes) -> tuple[str, int, bytes]:
    """Return where a request goes, and what is sent there: nothing yet if it asks for a tunnel.

    Other requests are sent on as if there were no proxy, each over a connection of its own.
    """
    line, _, rest = head.partition(b"\r\n")
    method, _, asked = line.partition(b" ")
    target, _, version = asked.rpartition(b" ")
    if method == b"CONNECT":
        host, _, port = target.decode("ascii").rpartition(":")
        return host.strip("[]"), int(port), b""
    parts = urlsplit(target.decode("ascii"))
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}".encode("ascii")
    first = b"%b %b %b\r\nConnection: close\r\n%b" % (method, path, version, rest)
    return parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme], first


def _answer(status: HTTPStatus) -> bytes:
    text = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    return text.encode("ascii")


def _pass_on(giver: socket.socket, taker: socket.socket) -> None:
    """Pass everything on that comes, until one of the two ends; then end the taker."""
    with suppress(OSError):
        while data := giver.recv(PIECE):
            taker.sendall(data)
    with suppress(OSError):
        taker.shutdown(socket.SHUT_RDWR)


def _end(connection: socket.socket) -> None:
    """Close a connection that another thread may be waiting at."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
