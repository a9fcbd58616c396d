"""Cells of one column that a delimiter in them cuts in two, in all rows below the names.

`name,place` stands above `Anna,Berlin, Germany`: there is a name for each column, and each row has
a cell too many, which begins with a space, as no other cell does.
"""

from __future__ import annotations

from collections.abc import Sequence

from sources.formats.csv.detection.columns import columns_of, looks_like_names
from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.reading import Row

ENOUGH_ROWS = 3


def are_torn(rows: Sequence[Row], width: int) -> bool:
    """Tell whether rows, which have a cell more than there are `width` names, are cut in a cell.

    A few may have as many cells as there are names. The first is no row of names below a title.
    """
    cut = [row for row in rows if len(row.cells) == width + 1]
    if len(cut) < ENOUGH_ROWS or any(len(row.cells) not in {width, width + 1} for row in rows):
        return False
    if any(any(row.quoted) for row in cut) or _are_names(cut[0], cut[1:]):
        return False
    columns = [[row.cells[i] for row in cut] for i in range(width + 1)]
    spaced = [i for i, cells in enumerate(columns) if any(cell.startswith(" ") for cell in cells)]
    return len(spaced) == 1 and spaced[0] > 0 and all(map(_goes_on, columns[spaced[0]]))


def _are_names(row: Row, below: Sequence[Row]) -> bool:
    return looks_like_names(row, columns_of(below, len(row.cells)))


def _goes_on(cell: str) -> bool:
    return cell.startswith(" ") and kind_of(cell) is Kind.WORDS
