"""The bytes of a text that are not taken yet, a buffer at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

from sources.formats.csv.dialect import Dialect

LINE_FEED = re.compile(rb"\n")
ANY_LINE_END = re.compile(rb"\n|\r(?:\n|(?=[^\n]))")  # a CR that may be half a CRLF is none yet


class Feed:
    """Bytes to be looked at and then dropped; a last line without line feed is lent one."""

    def __init__(self, read: Callable[[int], bytes], dialect: Dialect) -> None:
        self._read = read
        self._line_end = ANY_LINE_END if dialect.returns_end else LINE_FEED
        self._pending = b""
        self._ended = False
        self._lent = 0

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end, and keep them."""
        if len(self._pending) < size and not self._ended:
            self._fetch(size - len(self._pending))
        return self._pending[:size]

    def is_last(self, buffer: bytes) -> bool:
        """Tell whether nothing comes behind the bytes just peeked at."""
        return self._ended and len(buffer) == len(self._pending)

    def drop(self, count: int) -> int:
        """Forget `count` bytes and return how many of them are the file's own."""
        self._pending = self._pending[count:]
        return count - (self._lent if self._ended and not self._pending else 0)

    def drop_line(self, size: int) -> int:
        """Forget everything up to the next line end and return how much that was."""
        dropped = 0
        while (found := self._line_end.search(self._pending)) is None and not self._ended:
            dropped += self.drop(len(self._pending.removesuffix(b"\r")))
            self._fetch(size)
        return dropped + self.drop(found.end() if found else len(self._pending))

    def _fetch(self, size: int) -> None:
        data = self._read(size)
        self._ended = len(data) < size
        self._pending += data
        if self._ended and self._pending and not self._pending.endswith(b"\n"):
            self._pending += b"\n"
            self._lent = 1
