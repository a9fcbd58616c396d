from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given

from definitions.batches import Batch, Position
from definitions.errors import FormatError, ReconcileError
from definitions.faults import Fault, FaultCode
from sources.formats.csv.batching import batch_of, without_footer
from sources.formats.csv.block_builder import Block
from sources.formats.csv.lazy_faults import LazyFaults, Origin, Where, one_malformed
from sources.formats.csv.problems import wrong_width
from sources.formats.csv.writing import QUOTED, Text


def block_of(content: bytes, rows: list[int]) -> Block:
    return Block(
        texts=(Text(form=QUOTED, content=content),) if content else (),
        rows=np.array(rows, np.int64),
        lines=np.array(rows, np.int64) + 1,
        faults=(),
        end=Position(byte=9, row=9, line=9),
        examined=9,
        buffer=content,
        line=1,
    )


def fault_of(row: int) -> Fault:
    return Fault(
        file="f",
        row=row,
        line=row + 1,
        column=None,
        value="",
        code=FaultCode.TOO_FEW_FIELDS,
        message="",
        rejects_row=True,
    )


def batches_of(sizes: list[int]) -> list[Batch]:
    """Return batches of so many rows, every third of which is malformed."""
    batches, row = [], 1
    for size in sizes:
        numbers = np.arange(row, row + size)
        row += size
        good = numbers[numbers % 3 != 0]
        batch = Batch(
            frame=pl.DataFrame({"a": [str(number) for number in good]}, schema={"a": pl.String}),
            rows=good,
            lines=good + 1,
            faults=tuple(fault_of(int(number)) for number in numbers[numbers % 3 == 0]),
            end=Position(byte=row, row=row, line=row + 1),
        )
        batches.append(batch)
    return batches


def numbers_of(batch: Batch) -> list[int]:
    assert [int(cell) for (cell,) in batch.frame.rows()] == batch.rows.tolist()
    assert batch.lines.tolist() == [row + 1 for row in batch.rows.tolist()]
    return sorted([*batch.rows.tolist(), *(fault.row for fault in batch.faults)])


def test_rows_left_out_are_counted_without_their_faults_being_made() -> None:
    def block(row: int) -> Block:
        left = one_malformed(wrong_width(2, 1), Where(row=row, line=row + 1, begin=0, end=2))
        origin = Origin(file="f", buffer=b"x\n")
        good = block_of(b"1,2\n", [row + 1])
        return replace(good, faults=LazyFaults([(origin, left)]))

    (batch,) = batch_of([block(1), block_of(b"", []), block(3)], "f", ["a", "b"])
    assert (batch.rejected_count, batch.rejected, batch.read) == (2, 2, 4)
    assert [(fault.row, fault.line, fault.value) for fault in batch.faults] == [
        (1, 2, "x"),
        (3, 4, "x"),
    ]


def test_blocks_become_one_batch() -> None:
    blocks = [block_of(b"1,2\n", [1]), block_of(b"", []), block_of(b"3,4\n", [3])]
    (batch,) = batch_of(blocks, "f", ["a", "b"])
    assert batch.frame.rows() == [("1", "2"), ("3", "4")]
    assert (batch.rows.tolist(), batch.lines.tolist()) == ([1, 3], [2, 4])
    assert list(batch_of([block_of(b"", [])], "f", ["a"])) == []


def test_a_row_that_is_lost_ends_the_reading() -> None:
    with pytest.raises(ReconcileError, match="'f' was split into 2 rows but read as 1"):
        list(batch_of([block_of(b"1\n", [1, 2])], "f", ["a"]))


@given(sizes=st.lists(st.integers(1, 7), max_size=6), footer=st.integers(1, 20))
def test_the_last_rows_are_left_out_wherever_reading_goes_on(sizes: list[int], footer: int) -> None:
    everything = batches_of(sizes)
    if 0 < sum(sizes) < footer:
        with pytest.raises(
            FormatError, match=f"'f' has {sum(sizes)} rows .* the last {footer} are"
        ):
            list(without_footer(everything, footer, "f"))
        return
    found = list(without_footer(everything, footer, "f"))
    rows = [number for batch in found for number in numbers_of(batch)]
    assert rows == list(range(1, sum(sizes) - footer + 1))
    for done, batch in enumerate(found, start=1):
        assert batch.end.row == 1 + sum(other.read for other in found[:done])
        rest = list(without_footer(everything[done:], footer, None))
        assert [numbers_of(b) for b in rest] == [numbers_of(b) for b in found[done:]]
