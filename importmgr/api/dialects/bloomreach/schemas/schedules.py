"""When definitions fire: an extension, the vendor shows none of it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.schedule import Fire, Note
from definitions.schema.fields import DocumentSchema
from importmgr.api.dialects.bloomreach.schemas.parts import Success, told
from importmgr.api.fields import QueryInstant, QueryWhole

MAX_NEXT = 1000
NEXT = 20
NOTES = [note.value for note in Note]


class NextRunsQuery(DocumentSchema):
    """How many instants, from where on."""

    count = QueryWhole(1, MAX_NEXT, NEXT, "how many at most")
    after = QueryInstant("only what lies after this; without it, after now")


class NextRun(DocumentSchema):
    """One instant of a schedule."""

    at = fields.Integer(
        required=True, metadata={"description": "the instant in epoch seconds", "example": 0}
    )
    local = told("what the clock of the schedule's zone shows then, with its offset from UTC")
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "`gap`: the clocks skip the time that was asked for, this is the first "
            "instant after; `repeat`: the clocks show this time twice; `month_end`: the month "
            "lacks the day that was asked for, this is its last",
            "enum": [*NOTES, None],
        },
    )


class NextRunList(Success):
    """The next instants, in order."""

    active = fields.Boolean(
        required=True, metadata={"description": "false: the definition does not fire now"}
    )
    next_runs = fields.List(fields.Nested(NextRun), required=True)


def render_fire(fire: Fire) -> dict[str, Any]:
    """Return an instant as the answer names its parts."""
    return {
        "at": int(fire.at.timestamp()),
        "local": fire.local.isoformat(),
        "note": None if fire.note is None else fire.note.value,
    }
