from __future__ import annotations

import pytest

from sources.formats.xlsx.problems import shown, too_wide
from sources.formats.xlsx.sheet import SheetRow


def row(*cells: str) -> SheetRow:
    return SheetRow(number=1, cells=list(cells), errors={}, too_long=False)


@pytest.mark.parametrize(
    ("cells", "first", "message"),
    [
        (("a", "b"), 0, None),
        (("a",), 0, None),
        (("a", "b", ""), 0, None),
        (("a", "b", "", "d"), 0, "expected 2 fields, found 4"),
        (("", "a", "b"), 1, None),
        (("", "a", "b", "c"), 1, "expected 2 fields, found 3"),
        (("x", "a"), 1, "has a cell to the left of the header, which begins in column 2"),
    ],
)
def test_a_cell_beside_the_columns_of_the_header_is_a_problem(
    cells: tuple[str, ...], first: int, message: str | None
) -> None:
    problem = too_wide(row(*cells), first, 2)
    assert (problem and problem.message) == message


def test_a_fault_shows_the_cells_that_hold_something() -> None:
    assert shown(row("a", "", "c")) == "a | c"
