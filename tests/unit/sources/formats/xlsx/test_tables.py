from __future__ import annotations

import pytest

from sources.formats.xlsx.sheet import SheetRow
from sources.formats.xlsx.tables import behind_gap, told_of_tables


@pytest.mark.parametrize(
    ("numbers", "found"), [([], 0), ([5], 0), ([2, 3, 4], 0), ([2, 3, 5, 6, 9], 5)]
)
def test_the_first_row_behind_an_empty_one_is_found(numbers: list[int], found: int) -> None:
    rows = [SheetRow(number=n, cells=["x"], errors={}, too_long=False) for n in numbers]
    assert behind_gap(rows) == found


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (0, 0, None),
        (7, 0, "row 7 is behind an empty one; another table that"),
        (0, 3, "column 3 has no name and nothing in it; another table that"),
        (7, 3, "row 7 is behind an empty one and column 3 has no name and nothing in it; another"),
    ],
)
def test_a_person_is_told_where_another_table_may_begin(
    row: int, column: int, told: str | None
) -> None:
    found = told_of_tables(row, column).get("tables")
    assert found is told if told is None else str(found).startswith(told)
