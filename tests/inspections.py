"""What was seen in a file, made for tests without a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from definitions.faults import Fault, FaultCode
from definitions.profile import Profile
from importmgr.services.inspection import Inspection, ShownRow


def inspection(
    table: Mapping[str, Sequence[str]], *, faults: int = 0, is_whole: bool = True
) -> Inspection:
    """Return what is seen in a file that holds the table."""
    frame = pl.DataFrame(table, schema=dict.fromkeys(table, pl.String))
    profile = Profile(frame.columns)
    profile.add(frame)
    rows = [
        ShownRow(row=number, line=number + 1, cells=cells)
        for number, cells in enumerate(frame.rows(), start=1)
    ]
    return Inspection(
        name="people.csv",
        size=1234,
        format="csv",
        evidence={"line_end": "lf", "delimiter": "\t"},
        header=tuple(frame.columns),
        named=True,
        rows_read=frame.height,
        is_whole=is_whole,
        columns=profile.columns,
        rows=tuple(rows),
        faults=tuple(fault(row) for row in range(1, faults + 1)),
        fault_count=faults,
    )


def fault(row: int, *, rejects_row: bool = False) -> Fault:
    """Return a row with a field too many."""
    return Fault(
        file="people.csv",
        row=row,
        line=row + 1,
        column=None,
        value="1,a,b\x1b[2J",
        code=FaultCode.TOO_MANY_FIELDS,
        message="expected 2 fields, found 3",
        rejects_row=rejects_row,
    )
