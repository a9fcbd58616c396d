from __future__ import annotations

import polars as pl

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from definitions.rejects import CorrectedRows, StillMalformed

FAULT = Fault(
    file="corrected",
    row=3,
    line=4,
    column=None,
    value="x",
    code=FaultCode.TOO_FEW_FIELDS,
    message="expected 2 fields, found 1",
    rejects_row=True,
)


def test_malformed_rows_are_rows_that_were_handed_in() -> None:
    corrected = CorrectedRows(
        frame=pl.DataFrame({"a": ["x", "y"]}),
        rows=[7, 9],
        malformed=(StillMalformed(row=8, fault=FAULT, cells=("x",), text=b"x"),),
        end=Position(byte=1, row=4, line=5),
    )

    assert corrected.read == 3
