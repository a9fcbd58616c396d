"""The bytes of a text that are not taken yet, a buffer at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto

import numpy as np

from sources.formats.csv.dialect import END_MARK, Dialect
from sources.formats.csv.structural_index import line_ends, places_of

MARK_ON_A_LINE = re.compile(rb"(?:\A|[\r\n])" + END_MARK + rb"\Z")


class Tail(Enum):
    """What is dropped of a row whose end is out of sight: the rest of its line, or all of it."""

    OF_LINE = auto()
    OF_ROW = auto()


class Feed:
    """Bytes to be looked at and then dropped; a last line without line feed is lent one.

    A final `END_MARK` behind text is replaced by a line feed; on a line of its own it stays, and
    that line is no row. `offset` tells
    where in the file the bytes begin that are not dropped.
    """

    def __init__(self, read: Callable[[int], bytes], dialect: Dialect, offset: int) -> None:
        """Take what `read` brings, which is the file from `offset` on."""
        self.offset = offset
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

    def drop(self, count: int) -> None:
        """Forget `count` bytes."""
        self._pending = self._pending[count:]
        self.offset += count
        if self._ended and not self._pending:
            self.offset -= self._lent  # it is not the file's own
            self._lent = 0

    def drop_tail(self, tail: Tail, size: int) -> int:
        """Forget everything up to the end of the line or row, reading on by `size` bytes.

        A line ends at a line end that is not escaped, a row at one that is outside doubled quotes.
        Return how many lines that was.
        """
        end_of = self._end_of_line if tail is Tail.OF_LINE else _RowEnds(self._dialect).end_of
        lines, last = 0, b""
        while True:
            at, is_found = end_of(self._pending)
            if self._ended and not is_found:
                at = len(self._pending)
            lines += len(line_ends(self._pending[:at] + b".", self._dialect))
            last = self._pending[at - 1 : at] if at else last
            self.drop(at)
            if is_found or self._ended:
                return lines + (last not in b"\r\n")
            self._fetch(size)

    def _end_of_line(self, text: bytes) -> tuple[int, bool]:
        """Return where the line ends, or how much of it can be dropped if it does not."""
        seen = self._inside.match(text)
        at = seen.end() if seen else 0
        found = self._line_end.match(text, at)
        return (found.end(), True) if found else (at, False)

    def _fetch(self, size: int) -> None:
        data = self._read(size)
        self._ended = len(data) < size
        self._pending += data
        is_marked = self._ended and self._pending.endswith(END_MARK)
        if is_marked and not MARK_ON_A_LINE.search(self._pending):
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


class _RowEnds:
    """Looks for the end of a row in one piece of text after the other, by counting quotes."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._is_inside = False

    def end_of(self, text: bytes) -> tuple[int, bool]:
        """Return where the row ends, or how much of it can be dropped if it does not."""
        quotes = places_of(np.frombuffer(text, np.uint8), (self._dialect.quote or b"\0")[0])
        ends = line_ends(text, self._dialect)
        found = ends[(quotes.searchsorted(ends) + self._is_inside) % 2 == 0]
        if len(found):
            return int(found[0]) + 1, True
        self._is_inside ^= len(quotes) % 2 == 1
        return len(text) - text.endswith(b"\r"), False  # of a CRLF, perhaps
