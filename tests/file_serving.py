"""The inside of tests.file_server: what it serves, how it can fail, and the request handler."""

from __future__ import annotations

import http.server
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from email.message import Message

PIECE = 1 << 16
MODIFIED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Close the connection after `after` bytes of the body."""

    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """Send `after` bytes of the body, then nothing for `seconds`, then the rest."""

    after: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """Send the body in pieces of `size` bytes with a pause of `seconds` before each."""

    size: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """Announce a Content-Length that is `by` bytes more than the body."""

    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLength:
    """Send the body without Content-Length; it ends when the connection is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunked:
    """Send the body with Transfer-Encoding: chunked; leave out the last chunk when `cut`."""

    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Answer with `status` and no file, with a Retry-After header when it is given."""

    status: int
    retry_after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Answer nothing at all for `seconds`, then as usual."""

    seconds: float


Step: TypeAlias = Cut | Stall | Drip | Lie | NoLength | Chunked | Status | Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived; `path` includes the query."""

    method: str
    path: str
    headers: Message


@dataclass(slots=True, kw_only=True)
class Count:
    """How often a path was asked for, and how many bytes of body left the server."""

    heads: int = 0
    gets: int = 0
    ranges: int = 0
    bytes_sent: int = 0


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """A file as served; set `etag`, `modified`, `ranges`, `head` or `encoding` to change how."""

    content: bytes
    content_type: str = "text/csv"
    etag: str | None = None
    modified: datetime | None = MODIFIED
    ranges: bool = True
    head: bool = True
    encoding: str | None = None


@dataclass(slots=True)
class Site:
    """What one server holds; handlers read it, tests write it."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, deque[Step]] = field(default_factory=dict)
    rules: dict[str, Step] = field(default_factory=dict)
    counts: dict[str, Count] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


class Server(http.server.ThreadingHTTPServer):
    """A threaded server that keeps quiet about clients that go away."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is part of the tests."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request and closes the connection.

    What it writes is kept back until it is flushed: the head of an answer leaves with the first
    piece of its body, so that who has seen the head finds that piece counted.
    """

    site: ClassVar[Site]
    protocol_version = "HTTP/1.1"
    wbufsize = PIECE
    timeout = 10

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer a HEAD."""
        self._count().heads += 1
        self._answer(self.site.rules.get(self._path))

    def do_GET(self) -> None:
        """Answer a GET."""
        count = self._count()
        count.gets += 1
        count.ranges += "Range" in self.headers
        steps = self.site.scripts.get(self._path)
        self._answer(steps.popleft() if steps else self.site.rules.get(self._path))

    @property
    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _count(self) -> Count:
        self.close_connection = True
        self.site.seen.append(Seen(method=self.command, path=self.path, headers=self.headers))
        return self.site.counts.setdefault(self._path, Count())

    def _answer(self, step: Step | None) -> None:
        if isinstance(step, Silence):
            self.site.closing.wait(step.seconds)
        login = self.site.logins.get(self._path)
        if login is not None and self.headers.get("Authorization") != login:
            self._empty(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Basic realm="files"'})
        elif isinstance(step, Status):
            wait = {} if step.retry_after is None else {"Retry-After": step.retry_after}
            self._empty(step.status, wait)
        elif self._path in self.site.redirects:
            status, location = self.site.redirects[self._path]
            self._empty(status, {"Location": location})
        elif (stored := self.site.files.get(self._path)) is None:
            self._empty(HTTPStatus.NOT_FOUND, {})
        elif self.command == "HEAD" and not stored.head:
            self._empty(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET"})
        else:
            self._file(stored, step)

    def _empty(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0", "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def _file(self, stored: StoredFile, step: Step | None) -> None:
        size = len(stored.content)
        start, end = self._range(stored) or (0, size)
        if start >= size > 0:
            self._empty(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{size}"}
            )
            return
        partial = (start, end) != (0, size) or self._range(stored) is not None
        self.send_response(HTTPStatus.PARTIAL_CONTENT if partial else HTTPStatus.OK)
        if partial:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self._describe(stored)
        self._body(stored.content[start:end], step)

    def _describe(self, stored: StoredFile) -> None:
        self.send_header("Content-Type", stored.content_type)
        self.send_header("Connection", "close")
        if stored.ranges:
            self.send_header("Accept-Ranges", "bytes")
        if stored.etag is not None:
            self.send_header("ETag", stored.etag)
        if stored.modified is not None:
            self.send_header("Last-Modified", format_datetime(stored.modified, usegmt=True))
        if stored.encoding is not None:
            self.send_header("Content-Encoding", stored.encoding)

    def _range(self, stored: StoredFile) -> tuple[int, int] | None:
        """Return start and end of the asked range, or None when the whole file is to be sent."""
        unit, _, span = self.headers.get("Range", "").partition("=")
        if not stored.ranges or unit != "bytes" or self._outdated(stored):
            return None
        first, _, last = span.partition("-")
        size = len(stored.content)
        return int(first), min(int(last) + 1, size) if last else size

    def _outdated(self, stored: StoredFile) -> bool:
        condition = self.headers.get("If-Range")
        date = stored.modified and format_datetime(stored.modified, usegmt=True)
        return condition is not None and condition not in {stored.etag, date}

    def _body(self, content: bytes, step: Step | None) -> None:
        if isinstance(step, Chunked):
            self.send_header("Transfer-Encoding", "chunked")
        elif not isinstance(step, NoLength):
            more = step.by if isinstance(step, Lie) else 0
            self.send_header("Content-Length", str(len(content) + more))
        self.end_headers()
        if self.command == "GET":
            self._send(content, step)

    def _send(self, content: bytes, step: Step | None) -> None:
        match step:
            case Cut(after=after):
                self._pieces(content[:after], PIECE)
            case Stall(after=after, seconds=seconds):
                self._pieces(content[:after], PIECE)
                self.site.closing.wait(seconds)
                self._pieces(content[after:], PIECE)
            case Drip(size=size, seconds=seconds):
                self._pieces(content, size, seconds)
            case Chunked(cut=cut):
                tail = b"" if cut else b"0\r\n\r\n"
                self.wfile.write(b"%x\r\n%b\r\n%b" % (len(content), content, tail))
            case _:
                self._pieces(content, PIECE)

    def _pieces(self, content: bytes, size: int, pause: float = 0.0) -> None:
        count = self.site.counts[self._path]
        for start in range(0, len(content), size):
            if pause:
                self.wfile.flush()
                if self.site.closing.wait(pause):
                    return
            piece = content[start : start + size]
            count.bytes_sent += len(piece)
            self.wfile.write(piece)
        self.wfile.flush()
