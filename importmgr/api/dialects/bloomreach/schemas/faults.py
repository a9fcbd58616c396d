"""Faults of a run: an extension, the vendor shows none."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.faults import Fault, FaultCode
from definitions.schema.fields import DocumentSchema, Text
from definitions.schema.mapping import MAX_COLUMN
from definitions.schema.rules import length
from importmgr.api.dialects.bloomreach.schemas.parts import FAR, MAX_COUNT, Success, count, told
from importmgr.api.fields import QueryWhole

SHOWN = 100


class FaultsQuery(DocumentSchema):
    """Which faults of a run, and which part of their list."""

    limit = QueryWhole(1, MAX_COUNT, SHOWN, "how many at most")
    offset = QueryWhole(0, FAR, 0, "how many to leave out at the beginning")
    column = Text(
        load_default=None,
        validate=length(0, MAX_COLUMN),
        metadata={"description": "only those of this column", "example": "price"},
    )
    code = Text(
        load_default=None,
        validate=length(0, SHOWN),
        metadata={"description": "only those of this code", "example": FaultCode.NOT_A_NUMBER},
    )


class RunFault(DocumentSchema):
    """A cell or a row that could not be used."""

    file = told("file the row is in")
    row = count("data row from 1, header not counted")
    line = count("line of the file, from 1")
    column = told("column, or null when the whole row is meant", allow_none=True)
    value = told(
        "text of the cell, cut at 200 characters, or of the row, at 200 bytes of UTF-8",
        allow_none=True,
    )
    code = told("stable name of the fault")
    message = told("what is wrong")
    row_rejected = fields.Boolean(
        required=True, metadata={"description": "whether the row was left out"}
    )


class FaultCountItem(DocumentSchema):
    """How many stored faults are alike."""

    code = told("stable name of the fault")
    column = told("column, or null when whole rows are meant", allow_none=True)
    count = count("how many there are")


class FaultList(Success):
    """A page of faults in file order."""

    faults = fields.List(fields.Nested(RunFault), required=True)
    total = count("all stored faults that are meant")
    limit = count("how many at most")
    offset = count("how many were left out at the beginning")
    counts = fields.List(
        fields.Nested(FaultCountItem),
        required=True,
        metadata={"description": "all stored faults of the run by code and column, most first"},
    )
    stored = count("all stored faults of the run")
    held_back = count("those of them in rows that a brake held back")
    errors_total = count("all faults of the run, but for those in rows that were held back")


def render_fault(fault: Fault) -> dict[str, Any]:
    """Return a fault as the contract names its parts."""
    return {
        "file": fault.file,
        "row": fault.row,
        "line": fault.line,
        "column": fault.column,
        "value": fault.value,
        "code": fault.code.value,
        "message": fault.message,
        "row_rejected": fault.rejects_row,
    }
