"""A small SOCKS5 proxy on loopback that resolves host names itself and counts what it connects."""

from __future__ import annotations

import selectors
import socket
import socketserver
import struct
import threading
from typing import Self

IPV4, NAME = 1, 3


class SocksServer:
    """Serves until it is left; `hosts` maps names to addresses, `asked` lists what was wanted."""

    def __init__(self, hosts: dict[str, str]) -> None:
        self.asked: list[str] = []
        handler = type("Proxied", (_Handler,), {"hosts": hosts, "asked": self.asked})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"socks5://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(socketserver.BaseRequestHandler):
    """Speaks the part of SOCKS5 that a client without login needs."""

    hosts: dict[str, str]
    asked: list[str]

    def handle(self) -> None:
        count = self._bytes(2)[1]
        self._bytes(count)
        self.request.sendall(b"\x05\x00")
        kind = self._bytes(4)[3]
        host = self._address(kind)
        (port,) = struct.unpack("!H", self._bytes(2))
        self.asked.append(host)
        with socket.create_connection((self.hosts.get(host, host), port)) as other:
            self.request.sendall(b"\x05\x00\x00\x01" + bytes(6))
            _relay(self.request, other)

    def _address(self, kind: int) -> str:
        if kind == IPV4:
            return socket.inet_ntoa(self._bytes(4))
        assert kind == NAME
        return self._bytes(self._bytes(1)[0]).decode()

    def _bytes(self, count: int) -> bytes:
        data: bytes = self.request.recv(count, socket.MSG_WAITALL)
        return data


def _relay(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in selector.select():
                data = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)
