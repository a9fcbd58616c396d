"""Text that is changed record by record, but comes in pieces: what is not whole is held back."""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 4 << 20  # bytes that are held back until a record ends


class Holding:
    """Changes the records, or lines, of a text that comes in pieces."""

    def __init__(self, change: Callable[[bytes], bytes], end: Callable[[bytes], int]) -> None:
        """Take what changes whole records, and what tells where the last whole one ends."""
        self._change, self._end = change, end
        self._held = b""

    def __call__(self, data: bytes, last: bool) -> bytes:  # noqa: FBT001 - as a decoder is called
        """Return the next records that are whole, changed."""
        self._held += data
        is_all = last or len(self._held) > LONGEST
        end = len(self._held) if is_all else self._end(self._held)
        whole, self._held = self._held[:end], self._held[end:]
        return self._change(whole)


def end_of_lines(text: bytes) -> int:
    """Return where the last line that is whole ends."""
    return text.rfind(b"\n") + 1
