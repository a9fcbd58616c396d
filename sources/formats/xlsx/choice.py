"""Which sheet of a workbook is read where nobody says it: the first one, if it is no cover.

A cover is an empty sheet, or a short one of single cells here and there, with tables behind it. A
sheet that begins with several cells may be a table without rows, and words in one column a list. Of
several sheets the one that has the wanted names above a table is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from sources.formats.xlsx.sheet import SheetRow
from sources.formats.xlsx.workbook import Sheet

MOST_LOOKED_AT = 20  # sheets
ROWS_LOOKED_AT = 31
ENOUGH_ROWS = 2
COVER = "the first one holds no table"
NAMES = "it has the names that are looked for, the first one has none"


def choose_sheet(
    sheets: Sequence[Sheet],
    wanted: frozenset[str],
    beginning_of: Callable[[Sheet], Sequence[SheetRow]],
) -> tuple[Sheet, str]:
    """Return the sheet of several that is meant, and why, if it is not the first one.

    `beginning_of` returns the first `ROWS_LOOKED_AT` rows of a sheet.
    """
    first = beginning_of(sheets[0])
    others = sheets[1:MOST_LOOKED_AT]
    if wanted and not _hits(first, wanted):
        hits = [_hits(_header(beginning_of(sheet)), wanted) for sheet in others]
        if any(hits):
            return others[hits.index(max(hits))], NAMES
    if _is_cover(first):
        for sheet in others:
            if _is_table(beginning_of(sheet)):
                return sheet, COVER
    return sheets[0], ""


def _hits(rows: Sequence[SheetRow], wanted: frozenset[str]) -> int:
    """Return how many of the wanted names the row with most of them has."""
    return max((len(wanted & {cell.strip() for cell in row.cells}) for row in rows), default=0)


def _header(rows: Sequence[SheetRow]) -> Sequence[SheetRow]:
    """Return the row that begins the first table, else the first row, if there is one."""
    for row, after in pairwise(rows):
        if _begins_table(row, after):
            return [row]
    return rows[:1]


def _is_table(rows: Sequence[SheetRow]) -> bool:
    """Tell whether two rows that are one below the other have several cells."""
    return any(_begins_table(row, after) for row, after in pairwise(rows))


def _begins_table(row: SheetRow, after: SheetRow) -> bool:
    return _filled(row) > 1 and _filled(after) > 1 and after.number == row.number + 1


def _is_cover(rows: Sequence[SheetRow]) -> bool:
    """Tell whether nothing in the rows looks like a table, nor like a list of single cells."""
    if not rows:
        return True
    if len(rows) >= ROWS_LOOKED_AT or _is_table(rows) or _filled(rows[0]) > 1:
        return False
    if rows[0].number > 1 and len(rows) < ENOUGH_ROWS:
        return True
    is_one_column = len({len(row.cells) for row in rows}) == 1
    is_dense = len(rows) >= ENOUGH_ROWS and all(
        after.number == row.number + 1 for row, after in pairwise(rows)
    )
    sentences = sum(" " in "".join(row.cells).strip() for row in rows)
    return not is_one_column or not (is_dense or sentences * 2 <= len(rows))


def _filled(row: SheetRow) -> int:
    return sum(cell != "" for cell in row.cells)
