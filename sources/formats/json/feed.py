"""The bytes of a text that were not taken yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from definitions.batches import Position

MORE = 1 << 16  # bytes that are read at least, as many short ones may be looked at


class Feed:
    """A stream of bytes of which the next ones can be looked at before they are taken."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._pending, self._dropped = b"", 0  # so many bytes of the pending ones were taken
        self._ended = False

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end, and keep them."""
        left = len(self._pending) - self._dropped
        if left <= size and not self._ended:  # one more, to know about the end
            wanted = max(size + 1 - left, MORE)
            data = self._read(wanted)
            self._ended = len(data) < wanted
            self._pending, self._dropped = self._pending[self._dropped :] + data, 0
        return self._pending[self._dropped : self._dropped + size]

    def is_last(self, buffer: bytes) -> bool:
        """Tell whether nothing comes behind the bytes just peeked at."""
        return self._ended and len(buffer) == len(self._pending) - self._dropped

    def drop(self, count: int) -> None:
        """Forget `count` bytes of those peeked at."""
        self._dropped += count


@dataclass(slots=True)
class Trail:
    """Where in the file the feed is."""

    feed: Feed
    byte: int
    row: int
    line: int

    @property
    def position(self) -> Position:
        """Return it as where reading can go on."""
        return Position(byte=self.byte, row=self.row, line=self.line)

    def drop(self, taken: bytes) -> None:
        """Go on behind what comes next."""
        self.feed.drop(len(taken))
        self.byte += len(taken)
        self.line += taken.count(b"\n")
