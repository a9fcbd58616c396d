from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.spreadsheets import neutral, original

CELLS = st.text(st.sampled_from("'=+-@\t\ra1 "), max_size=5) | st.text(max_size=20)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49 123", "-5", "@sum(A1)", "\t=1", "\r=1", "'=1", "''-x"]
)
def test_what_may_run_gets_an_apostrophe(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "a=b", "'quoted'", "'", " =1", "5-5", "1,5"])
def test_other_cells_stay(cell: str) -> None:
    assert neutral(cell) == cell


@given(CELLS)
def test_nothing_neutral_begins_as_a_formula_does_and_nothing_is_lost(cell: str) -> None:
    assert neutral(cell)[:1] not in set("=+-@\t\r")
    assert original(neutral(cell)) == cell
