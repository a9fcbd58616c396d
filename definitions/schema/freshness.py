"""What a definition promises, as its document says it: an extension of the contract."""

from __future__ import annotations

from definitions.address import MAX_ADDRESS, plain_url_problem
from definitions.freshness import duration_problem
from definitions.schema.fields import StrictSchema, Text, Whole
from definitions.schema.rules import between, checked_by, length, or_default

_MOST_ROWS = 1_000_000_000_000


class FreshnessSchema(StrictSchema):
    """A good run at least every so often; whoever wants to know is told when there was none."""

    every = Text(
        required=True,
        validate=checked_by(duration_problem),
        metadata={"description": "Minutes, hours or days between good runs.", "example": "26h"},
    )
    min_rows = Whole(
        **or_default(default=0),
        validate=between(0, _MOST_ROWS),
        metadata={
            "description": "Rows that a run must have created, updated or found unchanged to be "
            "a good one.",
            "example": 1000,
        },
    )
    ping_url = Text(
        allow_none=True,
        validate=[*length(1, MAX_ADDRESS), checked_by(plain_url_problem)],
        metadata={
            "description": "Asked for by GET after each good run, for whoever watches from "
            "outside that there is one; redirects are not followed.",
            "example": "https://watch.example.test/ping/5f3c1a2b",
        },
    )
