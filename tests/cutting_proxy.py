"""A way to a server on loopback that can be cut in the middle of an answer.

```python
with CuttingProxy(server_port) as proxy:
    proxy.left = 500_000        # bytes of answers until the connection is cut, once
    fetch(f"http://127.0.0.1:{proxy.port}/big.bin")
    assert proxy.ranges == ["bytes=0-", "bytes=499000-"]
```
"""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_RANGE = re.compile(rb"\r\nrange: ([^\r]*)\r\n", re.IGNORECASE)


class CuttingProxy:
    """Passes on what comes until it is left; `ranges` are those that were asked for."""

    def __init__(self, port: int) -> None:
        self.left: int | None = None
        self.on_cut: Callable[[], None] = lambda: None
        self.ranges: list[str] = []
        handler = type("Passed", (_Handler,), {"to": port, "proxy": self})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def let_through(self, data: bytes) -> bytes:
        """Return what is passed on of an answer; less than all means that it is cut there."""
        if self.left is None:
            return data
        passed = data[: self.left]
        self.left -= len(data)
        return passed


class _Handler(socketserver.BaseRequestHandler):
    """One connection; each request of it comes whole, with its head first."""

    to: int
    proxy: CuttingProxy

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.to)) as server:
            asking = threading.Thread(target=self._ask, args=[server], daemon=True)
            asking.start()
            self._answer(server)
            with suppress(OSError):  # the other side may be gone already
                self.request.shutdown(socket.SHUT_RDWR)
            asking.join()

    def _ask(self, server: socket.socket) -> None:
        with suppress(OSError):
            while data := self.request.recv(1 << 16):
                self.proxy.ranges += [found.decode() for found in _RANGE.findall(data)]
                server.sendall(data)

    def _answer(self, server: socket.socket) -> None:
        while data := server.recv(1 << 16):
            passed = self.proxy.let_through(data)
            self.request.sendall(passed)
            if len(passed) < len(data):
                self.proxy.left = None
                self.proxy.on_cut()
                return
