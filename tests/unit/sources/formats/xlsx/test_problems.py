from __future__ import annotations

import pytest

from sources.formats.xlsx.problems import given_twice, shown, too_wide
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


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A3"), (25, "Z3"), (26, "AA3"), (701, "ZZ3"), (16_383, "XFD3")]
)
def test_a_cell_that_is_there_twice_is_called_as_in_the_sheet(column: int, name: str) -> None:
    again = SheetRow(number=3, cells=[], errors={}, twice=column, too_long=False)
    problem = given_twice(again)
    assert problem is not None
    assert problem.message == f"gives the cell {name} twice"
    assert given_twice(row("a")) is None
