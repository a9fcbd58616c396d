"""The titles that stand above the rows of a table in a sheet.

They are single cells, lines such as `Created: | 2024-01-31`, several rows of two cells directly
above names of more columns, and one narrower row that an empty one parts from the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile

from sources.formats.xlsx.sheet import SheetRow

ROWS_LOOKED_AT = 20
NARROWEST_TABLE = 3  # columns, where rows of several cells are titles
LABEL_CELLS = 2
FEWEST_PAIRS = 2  # a single one may name groups
ROWS_OF_TABLE = 3
NUMBER = re.compile(r"\s*+[-+]?\d[\d.,]*+(?:e[-+]?\d+)?\s*+", re.IGNORECASE)
NO_NAME = re.compile(r"\s*+[-+]?\d[\d.,:/T-]*+(?:e[-+]?\d+)?\s*+", re.IGNORECASE)


def without_titles(rows: list[SheetRow]) -> list[SheetRow]:
    """Return the first rows of a sheet without the titles before the table."""
    wide = [_filled(row) > 1 for row in rows]
    begin = wide.index(True) if True in wide else 0
    table = wide[begin:]
    if len(table) <= 1 or sum(table) * 2 <= len(table):
        return rows
    return rows[max(_behind_labels(rows, begin), _behind_pairs(rows, begin)) :]


def _behind_labels(rows: Sequence[SheetRow], begin: int) -> int:
    """Return where the table begins behind rows that are labels, or one that stands apart."""
    end = begin
    while end < len(rows) and _is_label(rows[end]):
        end += 1
    if end == begin:
        is_apart = begin + 1 < len(rows) and rows[begin + 1].number > rows[begin].number + 1
        end += is_apart
    while end < len(rows) and _filled(rows[end]) == 1:
        end += 1
    table = [_filled(row) for row in rows[end:]]
    widest = max(map(_filled, rows[begin:end]), default=0)
    if len(table) <= 1 or table[0] < NARROWEST_TABLE or min(table[:2]) <= widest:
        return begin
    return begin if any(map(NO_NAME.fullmatch, rows[end].cells)) else end


def _behind_pairs(rows: Sequence[SheetRow], begin: int) -> int:
    """Return where the table begins directly behind several rows of two cells.

    Such rows may be a table themselves, if an empty one is between. No row of the wider one is as
    narrow, and its first one has words alone, one of them above nothing but values.
    """
    pairs = takewhile(_is_pair, islice(rows, begin, None))
    end = begin + sum(1 for _ in pairs)
    table = rows[end:]
    if end < begin + FEWEST_PAIRS or len(table) < ROWS_OF_TABLE:
        return begin
    if table[0].number > rows[end - 1].number + 1:
        return begin
    if min(map(_filled, table)) < NARROWEST_TABLE or any(map(NO_NAME.fullmatch, table[0].cells)):
        return begin
    below = [
        [row.cells[place : place + 1] for row in table[1:]] for place in range(len(table[0].cells))
    ]
    are_values = (all(cell and NO_NAME.fullmatch(cell[0]) for cell in cells) for cells in below)
    return end if any(are_values) else begin


def _is_pair(row: SheetRow) -> bool:
    return _filled(row) == LABEL_CELLS and all(row.cells[:LABEL_CELLS])


def _is_label(row: SheetRow) -> bool:
    """Tell whether the row is a name with a colon, and at most one value."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) <= LABEL_CELLS and filled[:1] != [] and filled[0].rstrip().endswith(":")


def _filled(row: SheetRow) -> int:
    return sum(cell != "" for cell in row.cells)
