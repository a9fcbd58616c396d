"""Spaces between a delimiter, or the beginning of a row, and the quote of a cell: `1, "a",2`.

They are left out, so that the quotes are those of the cell. Spaces inside of quotes, and before
cells without quotes, stay. Positions in such a file count the bytes of the text without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sources.holding import Holding
from sources.unwrapping import end_of_rows


class Unspacing(Holding):
    """Takes off the spaces before the quotes of cells, in a text that comes in pieces."""

    def __init__(self, delimiter: str) -> None:
        """Take what parts cells."""
        super().__init__(unspacer(delimiter), end_of_rows)


def unspacer(delimiter: str) -> Callable[[bytes], bytes]:
    """Return what takes off the spaces before whole cells in quotes."""
    cell = cell_in_quotes(delimiter)
    return lambda records: cell.sub(rb"\2", records)


def cell_in_quotes(delimiter: str) -> re.Pattern[bytes]:
    """Return what matches the spaces before a cell in quotes, and the cell."""
    mark = re.escape(delimiter.encode())
    before = b"(?:(?<=" + mark + rb")|(?<=[\r\n])|\A)"
    behind = rb"(?= *+(?:" + mark + rb"|[\r\n]|\Z))"
    return re.compile(before + rb'( *+)("(?:[^"]|"")*+")' + behind)
