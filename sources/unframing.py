"""Rows in a frame of `|`, as Markdown, databases and SAP draw tables: `| 1 | Jana |`.

Without it a row is `1|Jana`. Lines that are not in a frame stay as they are. Positions in such a
file count the bytes of the text that is left.
"""

from __future__ import annotations

import re

FRAMED = re.compile(rb"^[ \t]*+\|((?:[^\r\n]*[^\\\r\n])?)\|[ \t]*(?=\r?$)", re.MULTILINE)
BORDER = re.compile(rb"(?:(?<=\\)([ \t])[ \t]*+|[ \t]*+)(?<!\\)\|[ \t]*+")
LONGEST = 4 << 20  # bytes that are held back until a line ends


def cells_joined(content: bytes) -> bytes:
    """Return what is inside of a frame without the spaces around its cells.

    Behind a backslash one is left, as it would be before a border that is text. A `|` directly
    behind a backslash is text, with the spaces beside it.
    """
    return BORDER.sub(rb"\1|", content.strip(b" \t"))


class Unframing:
    """Takes off the frames of lines, of a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = b""

    def __call__(self, data: bytes, last: bool) -> bytes:  # noqa: FBT001 - as a decoder is called
        """Return the next lines that are whole."""
        self._held += data
        is_all = last or len(self._held) > LONGEST
        end = len(self._held) if is_all else self._held.rfind(b"\n") + 1
        lines, self._held = self._held[:end], self._held[end:]
        return FRAMED.sub(lambda found: cells_joined(found[1]), lines)
