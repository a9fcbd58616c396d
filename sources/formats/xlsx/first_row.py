"""Telling a first row that is data from one that names the columns.

Sheets mostly have a header, and numbers name columns too: years, months, sizes. So a row is data
only if each of its values stands above values of its kind alone, and one of them can be no name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from sources.formats.xlsx.sheet import SheetRow

FEWEST_BELOW, ENOUGH_TO_COUNT = 2, 3
YEARS = range(1900, 2101)
KINDS = (
    ("whole", re.compile(r"\d{1,15}", re.ASCII)),
    ("number", re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.ASCII | re.IGNORECASE)),
    ("date", re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+)?", re.ASCII)),
    ("clock", re.compile(r"\d+:\d\d(?::\d\d(?:\.\d+)?)?", re.ASCII)),
)
OF_NUMBERS = frozenset({"whole", "number"})


def is_data(rows: Sequence[SheetRow], wanted: Collection[str]) -> bool:
    """Tell whether the first of the rows is one of the table, and surely no header.

    It has none of the names that are wanted.
    """
    if len(rows) <= FEWEST_BELOW:
        return False
    first, below = rows[0].cells, rows[1:]
    if any(cell.strip() in wanted for cell in first) or not any(first[:1]):
        return False
    columns = [(cell, _column(below, place)) for place, cell in enumerate(first) if cell]
    told = [(cell, column) for cell, column in columns if _common_kind(column)]
    if not told or any(_common_kind([cell, *column]) is None for cell, column in told):
        return False
    if any(_kind(cell) != "whole" for cell, _ in told) or _counts_on(*told[0]):
        return True
    are_inside = all(_is_inside(int(cell), column) for cell, column in told)
    return are_inside and not _may_be_names([int(cell) for cell, _ in told])


def _column(rows: Sequence[SheetRow], place: int) -> list[str]:
    return [row.cells[place] for row in rows if len(row.cells) > place and row.cells[place]]


def _kind(cell: str) -> str | None:
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(cell)), None)


def _common_kind(cells: Sequence[str]) -> str | None:
    """Return what kind of values all cells are, None if they are none, or differ."""
    kinds = {_kind(cell) for cell in cells}
    if kinds and kinds <= OF_NUMBERS:
        return "number"
    return kinds.pop() if len(kinds) == 1 else None


def _counts_on(cell: str, column: Sequence[str]) -> bool:
    """Tell whether a column of running numbers begins with the cell."""
    if len(column) < ENOUGH_TO_COUNT or not all(_kind(each) == "whole" for each in column):
        return False
    numbers = [int(each) for each in (cell, *column)]
    return all(after == before + 1 for before, after in pairwise(numbers))


def _is_inside(number: int, column: Sequence[str]) -> bool:
    others = [float(each) for each in column]
    return min(others) <= number <= max(others)


def _may_be_names(numbers: Sequence[int]) -> bool:
    """Tell whether whole numbers are years, or several that ascend, as those of months do."""
    ascend = len(numbers) > 1 and all(before < after for before, after in pairwise(numbers))
    return ascend or all(number in YEARS for number in numbers)
