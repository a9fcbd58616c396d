"""A stream of bytes that is changed as it is read, such as into another encoding."""

from __future__ import annotations

from collections.abc import Callable

from sources.compression import ByteStream

PIECE = 1 << 18


class Translated:
    """Another stream, changed piece by piece as it is read."""

    def __init__(self, stream: ByteStream, change: Callable[[bytes, bool], bytes]) -> None:
        self._stream = stream
        self._change = change
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes; fewer only at the end."""
        while len(self._ready) < size and not self._ended:
            data = self._stream.read(PIECE)
            self._ended = not data
            self._ready += self._change(data, self._ended)
        out = bytes(self._ready[:size])
        del self._ready[:size]
        return out

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
