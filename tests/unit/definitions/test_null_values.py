from __future__ import annotations

import pytest

from definitions.null_values import emptied
from tests.unit.definitions.cases import batch


def test_cells_that_hold_a_text_for_no_value_are_empty_in_every_column() -> None:
    of = batch(id=["1", "NULL", "\\N"], note=["NULL", "a NULL", ""])

    found = emptied(of, ("NULL", "\\N"))

    assert found.frame.to_dict(as_series=False) == {"id": ["1", "", ""], "note": ["", "a NULL", ""]}
    assert found.rows is of.rows


@pytest.mark.parametrize(
    ("cell", "left"),
    [("  n/a\u00a0", ""), ("N/A", "N/A"), ("n/a.", "n/a."), (" x ", " x "), ("  ", "  ")],
)
def test_outer_white_space_makes_no_difference_and_case_does(cell: str, left: str) -> None:
    assert emptied(batch(a=[cell]), (" n/a",)).frame["a"].to_list() == [left]


def test_without_such_texts_a_batch_is_as_it_was() -> None:
    of = batch(a=["NULL"])

    assert emptied(of, ()) is of
