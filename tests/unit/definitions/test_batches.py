from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.batches import Batch, Checkpoint, Position, Tally
from definitions.faults import Fault, FaultCode

ENDS = ("created", "updated", "unchanged", "rejected", "skipped")
counts = st.integers(0, 10**12)
tallies = st.builds(Tally, read=counts, **dict.fromkeys(ENDS, counts))
balanced = st.builds(Tally, **dict.fromkeys(ENDS, counts)).map(
    lambda tally: replace(tally, read=sum(getattr(tally, end) for end in ENDS))
)


@given(one=tallies, other=tallies, third=tallies)
def test_tallies_add_up_in_any_order(one: Tally, other: Tally, third: Tally) -> None:
    assert one + other == other + one
    assert (one + other) + third == one + (other + third)
    assert one + Tally() == one


@given(one=balanced, other=balanced)
def test_a_sum_of_balanced_tallies_is_balanced(one: Tally, other: Tally) -> None:
    assert one.adds_up
    assert (one + other).adds_up


@pytest.mark.parametrize("end", ["read", *ENDS])
@given(tally=balanced)
def test_a_row_too_many_anywhere_is_noticed(end: str, tally: Tally) -> None:
    assert not replace(tally, **{end: getattr(tally, end) + 1}).adds_up


def test_a_sum_is_made_count_by_count() -> None:
    one = Tally(read=6, created=1, updated=1, unchanged=1, rejected=1, skipped=2)
    other = Tally(read=15, created=1, updated=2, unchanged=3, rejected=4, skipped=5)

    assert one + other == Tally(read=21, created=2, updated=3, unchanged=4, rejected=5, skipped=7)


@pytest.mark.parametrize("malformed", [0, 2])
def test_a_batch_counts_malformed_rows_as_read(malformed: int) -> None:
    fault = Fault(
        file="f",
        row=1,
        line=2,
        column=None,
        value=None,
        code=FaultCode.TOO_FEW_FIELDS,
        message="has too few fields",
        rejects_row=True,
    )
    batch = Batch(
        frame=pl.DataFrame({"a": ["x", "y", "z"]}),
        rows=np.arange(3),
        lines=np.arange(3),
        faults=(fault,) * malformed,
        end=Position(byte=0, row=1, line=1),
    )

    assert batch.read == 3 + malformed


def test_a_run_starts_before_its_first_batch() -> None:
    assert Checkpoint() == Checkpoint(file=0, identity=None, position=None, tally=Tally())
