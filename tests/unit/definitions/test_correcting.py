from __future__ import annotations

import polars as pl

from definitions.batches import Position
from definitions.correcting import malformed_rows, waiting_rows
from definitions.faults import Fault, FaultCode
from definitions.rejects import CorrectedRows

END = Position(byte=1, row=1, line=1)


def fault(row: int) -> Fault:
    return Fault(
        file="corrected",
        row=row,
        line=row,
        column=None,
        value="x",
        code=FaultCode.TOO_FEW_FIELDS,
        message="…",
        rejects_row=True,
    )


CORRECTED = CorrectedRows(
    frame=pl.DataFrame({"a": ["one", "two", "again", "none", "four"]}),
    rows=[7, 9, 7, 0, 4],
    malformed=((3, fault(2)), (9, fault(3)), (3, fault(4)), (5, fault(5))),
    end=END,
)


def test_rows_that_wait_are_taken_once_with_their_numbers_and_lines() -> None:
    batch = waiting_rows(CORRECTED, {7: 70, 4: 40, 3: 30})

    assert batch.frame["a"].to_list() == ["one", "four"]
    assert (batch.rows.tolist(), batch.lines.tolist()) == ([7, 4], [70, 40])
    assert batch.end == END


def test_malformed_rows_are_told_once_where_they_stood() -> None:
    found = list(malformed_rows(CORRECTED, {3: 30, 9: 90}, "f.csv"))

    assert [(each.file, each.row, each.line) for each in found] == [("f.csv", 3, 30)]


def test_every_row_handed_in_is_read() -> None:
    assert CORRECTED.read == 9
