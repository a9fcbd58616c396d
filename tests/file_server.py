r"""A real HTTP file server on loopback that counts what it serves and fails when told to.

```python
def test_a_cut_download_goes_on(file_server):
    url = file_server.put("/people.csv", b"id,mail\n1,a@example.com\n")
    file_server.script("/people.csv", Cut(after=5))
    ...
    assert file_server.count("/people.csv").gets == 2
```

Files, redirects, logins and faults may be set at any time, also while it serves. The faults are
the steps of tests.file_serving.
"""

from __future__ import annotations

import hashlib
import threading
from base64 import b64encode
from collections import deque
from typing import TYPE_CHECKING, Self

import pytest

from tests.file_serving import (
    Chunked,
    Count,
    Cut,
    Drip,
    Handler,
    Lie,
    NoLength,
    Seen,
    Server,
    Silence,
    Site,
    Stall,
    Status,
    Step,
    StoredFile,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

__all__ = [
    "Chunked",
    "Count",
    "Cut",
    "Drip",
    "FileServer",
    "Lie",
    "NoLength",
    "Seen",
    "Silence",
    "Stall",
    "Status",
    "StoredFile",
    "file_server",
]


class FileServer:
    """Serves files put into it over HTTP (or HTTPS, given a TLS context) until it is stopped."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        """Bind a free port of `host`; nothing is served before `start`."""
        self._site = Site()
        handler = type("SiteHandler", (Handler,), {"site": self._site})
        self._server = Server((host, 0), handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "http" if tls is None else "https"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.host = host
        self.port: int = self._server.server_address[1]

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end every stall, free the port."""
        self._site.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *exc: object) -> None:
        """Stop."""
        self.stop()

    def url(self, path: str, host: str | None = None) -> str:
        """Return the address of `path`, seen through another name of this `host` if given."""
        return f"{self._scheme}://{host or self.host}:{self.port}{path}"

    def put(self, path: str, content: bytes | str, content_type: str = "text/csv") -> str:
        """Serve `content` at `path` with an ETag of its content, and return its address."""
        data = content.encode() if isinstance(content, str) else content
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        self._site.files[path] = StoredFile(content=data, content_type=content_type, etag=etag)
        return self.url(path)

    def file(self, path: str) -> StoredFile:
        """Return the stored file of `path`, whose fields may be changed."""
        return self._site.files[path]

    def remove(self, path: str) -> None:
        """Answer 404 for `path` from now on."""
        del self._site.files[path]

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        """Answer `path` with a redirect to `location`, as it is, and return its address."""
        self._site.redirects[path] = (status, location)
        return self.url(path)

    def protect(self, path: str, username: str, password: str) -> None:
        """Ask for this Basic login at `path`."""
        login = b64encode(f"{username}:{password}".encode()).decode()
        self._site.logins[path] = f"Basic {login}"

    def script(self, path: str, *steps: Step) -> None:
        """Let each of the next GETs of `path` take one of `steps`; later ones are served well."""
        self._site.scripts[path] = deque(steps)

    def always(self, path: str, step: Step | None) -> None:
        """Let every request of `path` take `step`, HEAD included; None ends that."""
        if step is None:
            self._site.rules.pop(path, None)
        else:
            self._site.rules[path] = step

    def count(self, path: str) -> Count:
        """Return the counters of `path`, which go on counting."""
        return self._site.counts.setdefault(path, Count())

    @property
    def seen(self) -> list[Seen]:
        """Return every request so far, in order of arrival."""
        return self._site.seen


@pytest.fixture
def file_server() -> Iterator[FileServer]:
    """A file server on 127.0.0.1 for one test."""
    with FileServer() as server:
        yield server
