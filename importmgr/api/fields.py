"""Kinds of field that requests hold and definition documents do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, missing

from definitions.schema.fields import Number
from definitions.schema.rules import between, choice_problem, json_kind
from definitions.shown import named

DECIMAL = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
WHOLE = re.compile(r"-?[0-9]{1,12}")
EARLIEST, LATEST = -62_135_596_800, 253_402_300_799  # years 1 to 9999
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MESSAGES: dict[str, Any] = {
    "required": "is required",
    "null": "must not be null",
    "invalid": "must be an object",
}


class QueryWhole(fields.Integer):
    """A whole number in a query, within inclusive bounds."""

    def __init__(self, low: int, high: int, default: int | None, text: str) -> None:
        """Keep the bounds and the default; without one the number need not be there."""
        documented = {"description": text, "example": low if default is None else default}
        super().__init__(load_default=default, validate=between(low, high), metadata=documented)
        self._wanted = f"must be a whole number from {low} to {high}"

    def _deserialize(self, value: object, *_: object, **__: object) -> int:
        if not isinstance(value, str) or not WHOLE.fullmatch(value):
            raise ValidationError(self._wanted)
        return int(value)


class QueryInstant(fields.Field[datetime]):
    """Unix epoch seconds in a query, fractions allowed, within the years 1 to 9999."""

    plain = True
    default_error_messages = MESSAGES

    def __init__(self, text: str) -> None:
        """Keep what the instant means."""
        documented = {
            "type": "number",
            "minimum": EARLIEST,
            "maximum": LATEST,
            "description": f"{text}, in epoch seconds",
            "example": 1767225600.5,
        }
        super().__init__(load_default=None, metadata=documented)

    def _deserialize(self, value: object, *_: object, **__: object) -> datetime:
        if not isinstance(value, str) or not DECIMAL.fullmatch(value):
            msg = "must be a number of seconds since 1970, such as 1767225600"
            raise ValidationError(msg)
        if not EARLIEST <= float(value) <= LATEST:
            msg = f"must be from {EARLIEST} to {LATEST}; divide milliseconds by 1000"
            raise ValidationError(msg)
        return EPOCH + timedelta(seconds=float(value))


class QueryChoice(fields.Enum[StrEnum]):
    """One word of a list in a query, as the member of an enumeration."""

    plain = True

    def __init__(
        self,
        words: type[StrEnum],
        default: StrEnum | None,
        text: str,
        *,
        data_key: str | None = None,
    ) -> None:
        """Keep the words and the one that is meant if there is none, which may be none."""
        documented: dict[str, Any] = {
            "type": "string",
            "enum": [word.value for word in words],
            "description": text,
            "example": list(words)[-1].value,
        }
        if default is not None:
            documented |= {"default": default.value, "example": default.value}
        super().__init__(
            words, by_value=True, load_default=default, data_key=data_key, metadata=documented
        )

    def _deserialize(self, value: object, *_: object, **__: object) -> StrEnum:
        word = str(value)
        if problem := choice_problem(word, (each.value for each in self.enum)):
            raise ValidationError(problem)
        chosen: StrEnum = self.enum(word)
        return chosen


class Instant(Number):
    """Unix epoch seconds, fractions allowed, within the years 1 to 9999; null counts as absent."""

    def __init__(self, text: str) -> None:
        """Keep what the instant means."""
        super().__init__(
            load_default=None,
            allow_none=True,
            validate=between(EARLIEST, LATEST),
            metadata={"description": f"{text}, in epoch seconds", "example": 1767225600.5},
        )


class PropertyMap(fields.Dict):
    """Any JSON values by name; an empty object when it is not required and absent."""

    default_error_messages = MESSAGES

    def __init__(self, text: str, *, required: bool = False) -> None:
        """Keep what the values are."""
        documented = {"description": text, "example": {"title": "Blue shirt", "price": 19.9}}
        super().__init__(
            keys=fields.String(),
            values=fields.Raw(allow_none=True),
            required=required,
            load_default=missing if required else dict,
            pre_load=_object_only,
            metadata=documented,
        )


def _object_only(value: object) -> object:
    """Refuse what is no object, and tell what it is; else pass on."""
    if isinstance(value, Mapping) or value in (None, missing):
        return value
    msg = f"must be an object, not {json_kind(value)}"
    raise ValidationError(msg)


class CustomerIds(fields.Field[dict[str, str]]):
    """At least one identifier by name; null stands for none, a whole number for its digits."""

    default_error_messages = MESSAGES

    def __init__(self) -> None:
        """Document what is taken."""
        documented = {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": ["string", "integer", "null"], "minLength": 1},
            "description": "identifiers of one customer by name; any one that matches finds it",
            "example": {"registered": "jana@example.com"},
        }
        super().__init__(required=True, metadata=documented)

    def _deserialize(self, value: object, *_: object, **__: object) -> dict[str, str]:
        if not isinstance(value, Mapping):
            msg = f"must be an object of identifiers by name, not {json_kind(value)}"
            raise ValidationError(msg)
        given = {name: one for name, one in value.items() if one is not None}
        problems = {
            name: [named(text, one)] for name, one in given.items() if (text := _problem(name, one))
        }
        if problems:
            raise ValidationError(problems)
        if not given:
            msg = "must hold at least one identifier"
            raise ValidationError(msg)
        return {name: str(one) for name, one in given.items()}


def _problem(name: str, given: object) -> str | None:
    """Return what is wrong with one identifier."""
    if not name:
        return "must have a name"
    if isinstance(given, bool) or not isinstance(given, str | int):
        return f"must be a string, not {json_kind(given)}"
    return None if str(given) else "must not be empty"
