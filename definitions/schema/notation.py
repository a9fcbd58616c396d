"""How cells of a column are written, as a mapping says it: extensions of the contract.

Whatever is absent, or null, is found out from the file, or is as the contract has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from definitions.model import TargetType
from definitions.patterns import pattern_of, pattern_problem
from definitions.schema.fields import Text
from definitions.schema.rules import checked_by, length, one_of
from definitions.shown import shown
from definitions.written import KINDS_OF_MARKS, kind_of_mark

_MAX_FORMAT = 100
_MAX_SEPARATOR = 10
_NUMBERS = (TargetType.NUMBER,)
_DATES = (TargetType.DATE, TargetType.DATETIME, TargetType.TIMESTAMP)
OPTIONS: Mapping[str, tuple[TargetType, ...]] = MappingProxyType(  # and for which types they are
    {
        "decimal": _NUMBERS,
        "thousands": _NUMBERS,
        "format": _DATES,
        "separator": (TargetType.LIST,),
    }
)
_MARKS = " ".join(map(repr, KINDS_OF_MARKS))


def thousands_problem(mark: str) -> str | None:
    """Return why a text cannot part thousands."""
    if len(mark) == 1 and kind_of_mark(mark):
        return None
    return f"must be one of {_MARKS}, not {shown(mark)}"


def separator_problem(separator: str) -> str | None:
    """Return why a text cannot part the elements of a list."""
    if separator.startswith("["):
        return "must not begin with '[', as JSON arrays do"
    return None


def format_field(of: str) -> Text:
    """Return the field that says how dates and times are written."""
    return Text(
        allow_none=True,
        validate=[*length(1, _MAX_FORMAT), checked_by(pattern_problem)],
        metadata={
            "description": f"How dates and times are written{of}, with the codes %d %m %b %B %Y "
            "%y %H %I %p %M %S %f %z or as `dd.MM.yyyy HH:mm`. An extension; absent: ISO 8601, or "
            "found out.",
            "example": "%d.%m.%Y %H:%M",
        },
    )


decimal_field = Text(
    allow_none=True,
    validate=one_of((".", ",")),
    metadata={
        "description": "The decimal mark of numbers, `.` or `,`. An extension; absent: a point, or "
        "found out.",
        "example": ",",
    },
)
thousands_field = Text(
    allow_none=True,
    validate=checked_by(thousands_problem),
    metadata={
        "description": "What parts the thousands of numbers: a comma, point, space, apostrophe or "
        "underscore. An extension; absent: nothing, or found out.",
        "example": ".",
    },
)
separator_field = Text(
    allow_none=True,
    validate=[*length(1, _MAX_SEPARATOR), checked_by(separator_problem)],
    metadata={
        "description": "What parts the elements of lists that are no JSON. An extension; absent: a "
        "comma.",
        "example": "|",
    },
)


def option_problems(mapped: Mapping[str, Any], target: TargetType) -> Iterator[tuple[str, str]]:
    """Yield each option of a well-formed mapping that it cannot have, and why."""
    given = {name: mapped[name] for name in OPTIONS if mapped.get(name) is not None}
    for name, value in given.items():
        types = OPTIONS[name]
        if mapped.get("value") is not None:
            yield name, "is for a column, not for a fixed value; drop one of the two"
        elif target not in types:
            yield name, f"is for the target type {_or(types)}, not {target}"
        elif name == "format" and target is TargetType.DATE and pattern_of(value).timed:
            yield name, "must not have a time of day for the target type date; use datetime"
    decimal, thousands = given.get("decimal"), given.get("thousands")
    if decimal is not None and decimal == thousands:
        yield "thousands", f"must not be the decimal mark {shown(decimal)}"


def _or(types: tuple[TargetType, ...]) -> str:
    *others, last = types
    return f"{', '.join(others)} or {last}" if others else str(last)
