"""Records that begin with spaces before a quote, as some programs indent what they write.

` "1","a, b"` is read as `"1","a, b"`. Spaces inside of quotes stay. Positions in such a file count
the bytes of the text without those spaces.
"""

from __future__ import annotations

import re

from sources.holding import Holding
from sources.unwrapping import end_of_rows

INDENT = re.compile(rb'("[^"]*+"?)|(?:(?<=[\r\n])|\A) ++(?=")')


def unindented(text: bytes) -> bytes:
    """Return records, the first of which begins the text, without spaces before their quotes."""
    return INDENT.sub(rb"\1", text)


class Unindenting(Holding):
    """Takes off the spaces before records, of a text that comes in pieces."""

    def __init__(self) -> None:
        """Hold what may be a record that is not whole."""
        super().__init__(unindented, end_of_rows)
