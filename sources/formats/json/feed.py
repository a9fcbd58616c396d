"""The bytes of a text that were not taken yet."""

from __future__ import annotations

from collections.abc import Callable


class Feed:
    """A stream of bytes of which the next ones can be looked at before they are taken."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._pending = b""
        self._ended = False

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end, and keep them."""
        if len(self._pending) <= size and not self._ended:  # one more, to know about the end
            wanted = size + 1 - len(self._pending)
            data = self._read(wanted)
            self._ended = len(data) < wanted
            self._pending += data
        return self._pending[:size]

    def is_last(self, buffer: bytes) -> bool:
        """Tell whether nothing comes behind the bytes just peeked at."""
        return self._ended and len(buffer) == len(self._pending)

    def drop(self, count: int) -> None:
        """Forget `count` bytes of those peeked at."""
        self._pending = self._pending[count:]
