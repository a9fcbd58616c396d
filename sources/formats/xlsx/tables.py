"""Signs of several tables in one sheet: empty rows or columns between what has something in it.

All of it is read as one table, since rows and columns may be left empty for the eye; a person is
told where another table may begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sources.formats.xlsx.sheet import SheetRow


def behind_gap(rows: Sequence[SheetRow]) -> int:
    """Return the number of the first row behind an empty one that is between rows, 0 for none."""
    behind = (after.number for row, after in pairwise(rows) if after.number > row.number + 1)
    return next(behind, 0)


def told_of_tables(gap_row: int, gap_column: int) -> dict[str, str]:
    """Return what the evidence says of a row behind an empty one, and of an empty column, if any.

    The column has no name, and columns with names behind it.
    """
    signs = [f"row {gap_row} is behind an empty one"] if gap_row else []
    signs += [f"column {gap_column} has no name and nothing in it"] if gap_column else []
    if not signs:
        return {}
    told = f"{' and '.join(signs)}; another table that begins there is read as part of the first"
    return {"tables": told}
