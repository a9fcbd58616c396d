"""When definitions fire: an extension, the vendor shows none of it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.decisions import DecisionCode
from definitions.schedule import Fire, Note
from definitions.schema.fields import DocumentSchema
from definitions.sentences import sentence
from importmgr.api.dialects.bloomreach.schemas.parts import (
    PageQuery,
    Success,
    count,
    epoch,
    told,
)
from importmgr.api.fields import QueryInstant, QueryWhole
from importmgr.store.decisions import StoredDecision

MAX_NEXT = 1000
NEXT = 20
CODES = [code.value for code in DecisionCode]
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


class DecisionsQuery(PageQuery):
    """Which part of the decisions."""

    since = QueryInstant("only what was decided then or later")


class DecisionItem(DocumentSchema):
    """What the service decided by itself, and why."""

    at = epoch("when it was decided")
    code = fields.String(
        required=True,
        metadata={"description": "stable name of the decision", "examples": CODES},
    )
    text = told("the decision as a sentence")
    facts = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        required=True,
        metadata={"description": "what it was decided from"},
    )


class DecisionList(Success):
    """A page of decisions, the newest first."""

    decisions = fields.List(fields.Nested(DecisionItem), required=True)
    last_look = fields.Nested(
        DecisionItem,
        required=True,
        allow_none=True,
        metadata={
            "description": "how the last look for new files went, with the code `look_news`, "
            "`look_nothing_new` or `look_failed`; null where nothing was looked for yet"
        },
    )
    total = count("all decisions that are kept")
    limit = count("how many at most")
    offset = count("how many were left out at the beginning")


def render_decision(decision: StoredDecision) -> dict[str, Any]:
    """Return a decision as the answer names its parts."""
    return {
        "at": decision.at.timestamp(),
        "code": decision.code,
        "text": sentence(decision.code, decision.facts),
        "facts": dict(decision.facts),
    }


def render_fire(fire: Fire) -> dict[str, Any]:
    """Return an instant as the answer names its parts."""
    return {
        "at": int(fire.at.timestamp()),
        "local": fire.local.isoformat(),
        "note": None if fire.note is None else fire.note.value,
    }
