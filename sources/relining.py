"""Records that other marks end than line ends: 0x1E, U+2028 (line separator), U+0085 (next line).

Each is read as a line end. Positions in such a file count the bytes of the text with those.
"""

from __future__ import annotations

MARKS = {"0x1E": b"\x1e", "U+2028": "\u2028".encode(), "U+0085": "\x85".encode()}
LINE_END = b"\n"


class Relining:
    """Puts line ends in the place of a mark, in a text that comes in pieces."""

    def __init__(self, mark: bytes) -> None:
        self._mark, self._held = mark, b""

    def __call__(self, data: bytes, last: bool) -> bytes:  # noqa: FBT001 - as a decoder is called
        """Return what is known of the next bytes, without half a mark at their end."""
        text = self._held + data
        kept = 0 if last else _begun(text, self._mark)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept].replace(self._mark, LINE_END)


def _begun(text: bytes, mark: bytes) -> int:
    """Return how many bytes at the end of a text may be the beginning of a mark."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
