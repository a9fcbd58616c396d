"""A bucket that can only be listed, a thousand names at a time, from memory.

The server that tests use sorts every name of a bucket for each thousand of them: whoever lists
100,000 of them waits a minute for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = 1_000  # names, as Amazon's service gives them
HEAD = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
FILE = (
    "<Contents><Key>{}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
    '<ETag>"d41d8cd98f00b204e9800998ecf8427e"</ETag><Size>0</Size></Contents>'
)


@contextmanager
def listed(keys: Sequence[str]) -> Iterator[str]:
    """Serve a list of the keys, whatever prefix is asked for, and yield the server's address."""
    pages = [keys[first : first + PAGE] for first in range(0, len(keys), PAGE)]
    texts = [
        _page(page, after) for page, after in zip(pages, (*range(1, len(pages)), None), strict=True)
    ]

    class Handler(BaseHTTPRequestHandler):
        """Answers with the page that the continuation token names."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            text = texts[int(query.get("continuation-token", ["0"])[0])]
            self.send_response(200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _page(keys: Sequence[str], after: int | None) -> bytes:
    files = "".join(FILE.format(key) for key in keys)
    token = f"<NextContinuationToken>{after}</NextContinuationToken>" if after else ""
    more = f"<IsTruncated>{'true' if after else 'false'}</IsTruncated>{token}"
    return f"{HEAD}{files}{more}</ListBucketResult>".encode()
