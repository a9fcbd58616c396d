"""A real HTTP server on loopback that gives the answers a test wrote down, in order.

```python
def test_it(api_server):
    api_server.answer({"success": True, "time": 1.5})
    ...
    assert api_server.seen[0].path == "/track/v2/projects/p/system/time"
```
"""

from __future__ import annotations

import http.server
import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, ClassVar

import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived; `body` is the JSON of `raw`, or None."""

    method: str
    path: str
    headers: Message
    body: Any
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one request is answered with; no status means that the connection is cut."""

    status: int | None
    body: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class ApiServer:
    """Answers each request with the next reply; the last one again and again."""

    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)

    def answer(self, body: object, status: int = 200, **headers: str) -> None:
        """Answer a request with JSON, or with text as it is; `_` in a header's name is `-`."""
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.append(Reply(status=status, body=raw, headers=named))

    def refuse(self, status: int, error: str, **headers: str) -> None:
        """Answer a request with an error of ours."""
        self.answer({"success": False, "error": error, "errors": {}}, status, **headers)

    def hang_up(self) -> None:
        """Cut the connection of a request."""
        self.replies.append(Reply(status=None, body=b"", headers={}))


@pytest.fixture
def api_server() -> Iterator[ApiServer]:
    """A server without answers yet."""
    with serving() as api:
        yield api


@contextmanager
def serving() -> Iterator[ApiServer]:
    """Run a server without answers yet."""
    api = ApiServer()
    handler = type("Handler", (_Handler,), {"api": api})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        api.url = f"http://127.0.0.1:{server.server_port}"
        yield api
        server.shutdown()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Notes the request and gives the next reply."""

    api: ClassVar[ApiServer]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer any request."""
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        body = json.loads(raw) if raw else None
        seen = Seen(method=self.command, path=self.path, headers=self.headers, body=body, raw=raw)
        self.api.seen.append(seen)
        replies = self.api.replies
        reply = replies.popleft() if len(replies) > 1 else replies[0]
        if reply.status is None:
            return
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names the library looks for
