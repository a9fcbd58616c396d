"""Numbers that name columns: years, hours, sizes, shares, wavelengths.

They stand above other numbers, so that their kind does not tell them. Years, one after the other,
are names where most below are none. Beside names of words numbers are names, too, that go up by
one step from column to column, as those of most other rows do not, or whole ones above nothing but
fractions; without words both must hold. Whole ones that do not go up are values where each is
neither less nor more than all fractions below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sources.formats.csv.detection.kinds import YEARS, Kind, kind_of

ENOUGH_STEPS, ENOUGH_WHOLE, ENOUGH_ROWS = 3, 2, 3
WHOLE, STEPPED = re.compile(r"\d{1,18}"), re.compile(r"(-?\d{1,12})(?:[.,](\d{1,6}))?%?")
FRACTION = re.compile(r"[-+]?\d*[.,]\d+(?:[eE][-+]?\d+)?")


def are_names(row: Sequence[str], places: Sequence[int], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether the numbers at `places` of a first row name columns of numbers.

    `below` has the cells of rows of the table.
    """
    names = [row[i].strip() for i in places]
    if not all(map(STEPPED.fullmatch, names)):
        return False
    others = [[cells[i].strip() for i in places] for cells in below]
    if _are_years(names, others):
        return True
    goes_up = _go_up(names) and sum(map(_go_up, others)) * 2 < len(others)
    is_whole = _are_above_fractions(names, others)
    has_words = any(kind_of(cell) is Kind.WORDS for cell in row)
    if has_words:
        return goes_up or (is_whole and not _are_among(names, others))
    return goes_up and is_whole


def _are_years(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    if not all(map(_is_year, names)):
        return False
    below = [cell for cells in others for cell in cells]
    steps = _steps([int(name) for name in names])
    return len(steps) <= 1 and sum(map(_is_year, below)) * 2 < len(below)


def _is_year(cell: str) -> bool:
    return WHOLE.fullmatch(cell) is not None and int(cell) in YEARS


def _go_up(cells: Sequence[str]) -> bool:
    """Tell whether numbers that are written alike go up by one step."""
    found = [number for cell in cells if (number := STEPPED.fullmatch(cell))]
    if len(found) < len(cells) or len(cells) < ENOUGH_STEPS:
        return False
    digits = {len(number[2] or "") for number in found}
    steps = _steps([int(number[1] + (number[2] or "")) for number in found])
    return len(digits) == len(steps) == 1 and min(steps) > 0


def _steps(numbers: Sequence[int]) -> set[int]:
    return {after - before for before, after in pairwise(numbers)}


def _are_above_fractions(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    enough = len(names) >= ENOUGH_WHOLE and len(others) >= ENOUGH_ROWS
    cells = (cell for row in others for cell in row if cell)
    return enough and all(map(WHOLE.fullmatch, names)) and all(map(FRACTION.fullmatch, cells))


def _are_among(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Tell whether each number is between the least and the greatest below it."""
    columns = (
        [float(cell.replace(",", ".")) for cell in cells if cell]
        for cells in zip(*others, strict=True)
    )
    return all(
        min(cells, default=0.0) <= int(name) <= max(cells, default=0.0)
        for name, cells in zip(names, columns, strict=True)
    )
