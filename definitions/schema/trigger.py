"""The trigger of a document: at once, on a new file, or by the clock.

Members with the value null count as absent, and are kept so that reading gives back what was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from definitions.model import Frequency, Missed, Overlap
from definitions.schema.days import LAST_MONTHDAY, monthday_problems, repeats, weekday_problems
from definitions.schema.fields import (
    MESSAGES,
    DocumentSchema,
    ExtendedSchema,
    Items,
    Number,
    Part,
    Text,
    Variant,
    Whole,
)
from definitions.schema.rules import (
    Bounds,
    as_whole,
    at_most,
    between,
    checked_by,
    choice_problem,
    json_kind,
    length,
    one_of,
    short_array,
    text_problem,
    zone_problem,
)

SIMPLE = ("now", "on_new_file")
SCHEDULED = "scheduled"
MAX_TIMES = 48
_MAX_MINUTES = 60
_FIRST_SECOND = -62_135_596_800  # 0001-01-01 00:00:00 UTC
_LAST_SECOND = 253_402_300_799  # 9999-12-31 23:59:59 UTC
_UNIX_SECONDS = Bounds(
    min=_FIRST_SECOND,
    max=_LAST_SECOND,
    error="must be Unix seconds from {min} to {max}, not {input}; divide milliseconds by 1000",
)
_WORD = 1_000


class SimpleTriggerSchema(DocumentSchema):
    """Fires when the definition is created, or when a new file appears."""

    trigger_type = Text(
        required=True,
        validate=one_of(SIMPLE),
        metadata={
            "description": "`now`: once, when the definition is created; `on_new_file`: whenever "
            "the source shows something new. All other keys of the trigger are ignored.",
            "example": "now",
        },
    )


class TimeOfDaySchema(DocumentSchema):
    """A local wall-clock time."""

    hour = Whole(required=True, validate=between(0, 23), metadata={"example": 2})
    minute = Whole(required=True, validate=between(0, 59), metadata={"example": 30})


class Day(fields.Field[str | int]):
    """A weekday by name or number, or a day of the month."""

    plain = True
    default_error_messages = MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> str | int:
        whole = as_whole(value)
        if whole is not None:
            return whole
        if not isinstance(value, str):
            msg = f"must be a weekday or a whole number, not {json_kind(value)}"
            raise ValidationError(msg)
        problem = text_problem(value)
        if problem:
            raise ValidationError(problem)
        return value


class ScheduledTriggerSchema(ExtendedSchema):
    """Fires at local wall-clock times."""

    ours = frozenset({"missed", "overlap"})

    trigger_type = Text(
        required=True,
        validate=length(1, _WORD),
        metadata={
            "description": "Canonically `scheduled`; any other word is kept.",
            "not": {"enum": list(SIMPLE)},
            "example": SCHEDULED,
        },
    )
    frequency = Text(required=True, validate=one_of(Frequency), metadata={"example": "weekly"})
    times = Items(
        Part(TimeOfDaySchema),
        allow_none=True,
        validate=at_most(MAX_TIMES),
        metadata={
            "description": "When to fire on a day. Required for daily, weekly and monthly, "
            "ignored for hourly.",
            "example": [{"hour": 2, "minute": 30}],
        },
    )
    days = Items(
        Day(metadata={"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        allow_none=True,
        validate=at_most(LAST_MONTHDAY),
        metadata={
            "description": "Weekdays (names in any case, or 0 for Monday to 6) for weekly, days of "
            "the month (1 to 31; in a shorter month its last day) for monthly, ignored for the "
            "others. When absent or empty, the day of `from_date` or else of creation.",
            "example": ["monday", "thursday"],
        },
    )
    minutes = Items(
        Whole(validate=between(0, 59)),
        allow_none=True,
        validate=at_most(_MAX_MINUTES),
        metadata={
            "description": "At which minutes of each hour to fire. Required for hourly, ignored "
            "for the others.",
            "uniqueItems": True,
            "example": [0, 30],
        },
    )
    timezone = Text(
        required=True,
        validate=[*length(1, _WORD), checked_by(zone_problem)],
        metadata={"description": "IANA name of the time zone.", "example": "Europe/Prague"},
    )
    from_date = Number(
        allow_none=True,
        validate=_UNIX_SECONDS,
        metadata={
            "description": "No run before this; Unix time in seconds, inclusive.",
            "example": 1767225600,
        },
    )
    to_date = Number(
        allow_none=True,
        validate=_UNIX_SECONDS,
        metadata={
            "description": "No run after this; Unix time in seconds, inclusive.",
            "example": 1798761600.5,
        },
    )

    missed = Text(
        allow_none=True,
        validate=one_of(Missed),
        metadata={
            "description": "Which instants that passed while no service ran are made up for: "
            "`latest` (the default) by one run, `all` by a run each, `skip` none.",
            "example": "latest",
        },
    )
    overlap = Text(
        allow_none=True,
        validate=one_of(Overlap),
        metadata={
            "description": "What happens at an instant when a run of the definition has not ended: "
            "`queue` (the default) lets the new run wait, `skip` leaves it out, `cancel_running` "
            "cancels the old one.",
            "example": "queue",
        },
    )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _check_across(
        self, data: Mapping[str, Any], original: Mapping[str, object], **_: object
    ) -> None:
        """Check what no single field can."""
        problems = dict(_schedule_problems(data.get("frequency"), original))
        start, end = data.get("from_date"), data.get("to_date")
        if start is not None and end is not None and start > end:
            problems["to_date"] = [f"must not lie before from_date {start}, but is {end}"]
        if problems:
            raise ValidationError(problems)


class TriggerField(Variant):
    """The trigger, whose shape follows from `trigger_type` and `frequency`."""

    def choose(self, value: Mapping[str, object]) -> Schema:
        """Return the schema of the trigger that is meant."""
        word = value.get("trigger_type")
        if word in SIMPLE:
            return _SIMPLE
        if not isinstance(word, str) or word == SCHEDULED or value.get("frequency") is not None:
            return _SCHEDULED
        problem = choice_problem(word, (*SIMPLE, SCHEDULED))
        raise ValidationError({"trigger_type": [problem]})


def _schedule_problems(
    frequency: str | None, trigger: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Yield what is wrong between the frequency and the members it needs."""
    needed = "minutes" if frequency == Frequency.HOURLY else "times"
    if frequency is not None and trigger.get(needed) in (None, []):
        yield needed, [f"is required, with one element or more, as frequency is {frequency!r}"]
    minutes = short_array(trigger.get("minutes"), _MAX_MINUTES)
    yield from _nested("minutes", repeats([as_whole(minute) for minute in minutes]))
    days = short_array(trigger.get("days"), LAST_MONTHDAY)
    if frequency == Frequency.WEEKLY:
        yield from _nested("days", weekday_problems(days))
    if frequency == Frequency.MONTHLY:
        yield from _nested("days", monthday_problems(days))


def _nested(name: str, problems: Mapping[int, list[str]]) -> Iterator[tuple[str, object]]:
    """Yield the problems of an array's elements, if there are any."""
    if problems:
        yield name, problems


_SIMPLE = SimpleTriggerSchema()
_SCHEDULED = ScheduledTriggerSchema()
