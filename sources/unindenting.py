"""Records that begin with spaces before a quote, as some programs indent what they write.

` "1","a, b"` is read as `"1","a, b"`. Spaces inside of quotes stay. Positions in such a file count
the bytes of the text without those spaces.
"""

from __future__ import annotations

import re

from sources.unwrapping import end_of_rows

INDENT = re.compile(rb'("[^"]*+"?)|(?:(?<=[\r\n])|\A) ++(?=")')
LONGEST = 4 << 20  # bytes that are held back until a quote closes


def unindented(text: bytes) -> bytes:
    """Return records, the first of which begins the text, without spaces before their quotes."""
    return INDENT.sub(rb"\1", text)


class Unindenting:
    """Takes off the spaces before records, of a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = b""

    def __call__(self, data: bytes, last: bool) -> bytes:  # noqa: FBT001 - as a decoder is called
        """Return the next records that are whole."""
        self._held += data
        end = len(self._held) if last or len(self._held) > LONGEST else end_of_rows(self._held)
        records, self._held = self._held[:end], self._held[end:]
        return unindented(records)
