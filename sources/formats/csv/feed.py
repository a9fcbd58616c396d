"""The bytes of a text that are not taken yet, a buffer at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import line_ends, places_of

END_MARK, ENDED = b"\x1a", re.compile(rb"(?:\A|[\r\n])\x1a\Z")


class Feed:
    """Bytes to be looked at and then dropped; a last line without line feed is lent one.

    So is one that ends with the mark with which DOS ends a file.
    """

    def __init__(self, read: Callable[[int], bytes], dialect: Dialect) -> None:
        self._read = read
        self._dialect = dialect
        self._inside, self._line_end = _line_patterns(dialect)
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

    def drop_line(self, size: int) -> tuple[int, int]:
        """Forget everything up to the next line end that is not escaped.

        Return how many bytes that was, and how many lines.
        """
        dropped = lines = 0
        last = b""
        while True:
            seen = self._inside.match(self._pending)
            at = seen.end() if seen else 0
            found = self._line_end.match(self._pending, at)
            at = found.end() if found else len(self._pending) if self._ended else at
            lines += len(line_ends(self._pending[:at] + b".", self._dialect))
            last = self._pending[at - 1 : at] if at else last
            dropped += self.drop(at)
            if found or self._ended:
                return dropped, lines + (last not in b"\r\n")
            self._fetch(size)

    def drop_row(self, size: int) -> tuple[int, int]:
        """Forget everything up to the next line end that is outside doubled quotes.

        Return how many bytes that was, and how many lines.
        """
        dropped = lines = 0
        is_inside, last = False, b""
        while True:
            text = np.frombuffer(self._pending, np.uint8)
            quotes = places_of(text, (self._dialect.quote or b"\0")[0])
            ends = line_ends(self._pending, self._dialect)
            found = ends[(quotes.searchsorted(ends) + is_inside) % 2 == 0][:1]
            half = self._pending.endswith(b"\r")  # of a CRLF, perhaps
            at = int(found[0]) + 1 if len(found) else len(text) - half
            is_inside ^= int(quotes.searchsorted(at)) % 2 == 1
            lines += int(ends.searchsorted(at))
            last = self._pending[at - 1 : at] if at else last
            dropped += self.drop(at)
            if len(found) or self._ended:
                return dropped, lines + (last not in b"\r\n")
            self._fetch(size)

    def _fetch(self, size: int) -> None:
        data = self._read(size)
        self._ended = len(data) < size
        self._pending += data
        if self._ended and self._pending.endswith(END_MARK) and not ENDED.search(self._pending):
            self._pending = self._pending[:-1] + b"\n"
        if self._ended and self._pending and not self._pending.endswith(b"\n"):
            self._pending += b"\n"
            self._lent = 1


def _line_patterns(dialect: Dialect) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what matches the inside of a line, and its end.

    A CR at the very end that may be half a CRLF matches neither, nor does an escape there.
    """
    escape = re.escape(dialect.escaping or b"")
    ends = rb"\r\n" if dialect.returns_end else rb"\n"
    inside = rb"[^" + escape + ends + rb"]++"
    if escape:
        inside += rb"|" + escape + rb"(?:\r\n|\r(?=[^\n])|[^\r])"
    line_end = rb"\n|\r(?:\n|(?=[^\n]))" if dialect.returns_end else rb"\n"
    return re.compile(rb"(?:" + inside + rb")*+"), re.compile(line_end)
