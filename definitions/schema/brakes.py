"""The brakes of a document; members that are null count as absent and are kept."""

from __future__ import annotations

from typing import Any

from definitions.brakes import BrakeAction, MaxRejected, RowCount
from definitions.schema.fields import Number, Part, StrictSchema, Text, Whole
from definitions.schema.rules import between, one_of

_MOST_ROWS = 1_000_000_000_000
_MOST_TIMES = 1_000_000
_MOST_RUNS = 100
_REJECTED, _COUNT = MaxRejected(), RowCount()


def _action(text: str) -> Text:
    """Return the field of what a brake does."""
    description = (
        f"{text}: `allow`, `warn`, `pause` or `fail`; absent: as the installation says, which is "
        "`warn` unless told otherwise."
    )
    return Text(
        allow_none=True,
        validate=one_of(BrakeAction),
        metadata={"description": description, "example": "pause"},
    )


def _count(text: str, low: int, high: int, example: int | None) -> Whole:
    told: dict[str, Any] = {"description": text, "example": example}
    return Whole(allow_none=True, validate=between(low, high), metadata=told)


def _factor(text: str, low: int, high: int, example: float) -> Number:
    told = {"description": text, "example": example}
    return Number(allow_none=True, validate=between(low, high), metadata=told)


class MaxRejectedSchema(StrictSchema):
    """When too many rows of a run are rejected."""

    action = _action("What is done")
    share = _factor("The largest share of the rows read so far.", 0, 1, _REJECTED.share)
    rows = _count("The largest number; no limit unless given.", 0, _MOST_ROWS, 100)
    after = _count("The share counts from so many rows on.", 1, _MOST_ROWS, _REJECTED.after)


class RowCountSchema(StrictSchema):
    """When a run has far fewer or far more rows than the median of earlier ones."""

    action = _action("What is done")
    least = _factor("Fewer than so many times the median.", 0, 1, _COUNT.least)
    most = _factor("More than so many times the median.", 1, _MOST_TIMES, _COUNT.most)
    runs = _count("Of how many completed runs.", 1, _MOST_RUNS, _COUNT.runs)
    after = _count("How many of these there must be.", 1, _MOST_RUNS, _COUNT.after)


class BrakesSchema(StrictSchema):
    """What stops a run for being unlike what its owner expects."""

    empty_file = _action("A file without rows")
    missing_column = _action("A mapped column that is not in the file; a key column always fails")
    new_columns = _action("Columns that are not mapped and that the last run did not have")
    max_rejected = Part(MaxRejectedSchema, allow_none=True)
    row_count = Part(RowCountSchema, allow_none=True)
