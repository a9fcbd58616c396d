"""Rows in a frame of `|`, as Markdown, databases and SAP draw tables: `| 1 | Jana |`.

Without it a row is `1|Jana`. Lines that are not in a frame stay as they are. Positions in such a
file count the bytes of the text that is left.
"""

from __future__ import annotations

import re

from sources.holding import Holding, end_of_lines

FRAMED = re.compile(rb"^[ \t]*+\|((?:[^\r\n]*[^\\\r\n])?)\|[ \t]*(?=\r?$)", re.MULTILINE)
BORDER = re.compile(rb"(?:(?<=\\)([ \t])[ \t]*+|[ \t]*+)(?<!\\)\|[ \t]*+")


def cells_joined(content: bytes) -> bytes:
    """Return what is inside of a frame without the spaces around its cells.

    Behind a backslash one is left, as it would be before a border that is text. A `|` directly
    behind a backslash is text, with the spaces beside it.
    """
    return BORDER.sub(rb"\1|", content.strip(b" \t"))


def unframed(lines: bytes) -> bytes:
    """Return whole lines without their frames."""
    return FRAMED.sub(lambda found: cells_joined(found[1]), lines)


class Unframing(Holding):
    """Takes off the frames of lines, of a text that comes in pieces."""

    def __init__(self) -> None:
        """Hold what may be a line that is not whole."""
        super().__init__(unframed, end_of_lines)
