"""The kinds of field a definition document is made of: strict about types, plain in their texts.

No kind converts: a string is not a number, true is not 1. The one exception is a number without a
fraction: JSON does not tell 1.0 from 1. Every message names the value it is about, but for secrets:
those are the fields whose metadata has the format `password`.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema
from marshmallow.types import ErrorMessages

from definitions.schema.naming import name_values
from definitions.schema.rules import as_whole, json_kind, slip_of, text_problem, unknown_names

MESSAGES: ErrorMessages = {"required": "is required", "null": "must not be null"}


class DocumentSchema(Schema):
    """An object of a document; keys it does not know are dropped."""

    class Meta:
        """Options of every schema of the document."""

        unknown = EXCLUDE

    def handle_error(self, error: ValidationError, data: object, **_: object) -> None:
        """Let every refusal name its value."""
        name_values(error.messages, data, self.fields)


class StrictSchema(DocumentSchema):
    """An object that is an extension of ours: a name it does not know is a slip of the pen.

    Nobody else writes such names, and dropping one would leave its writer without what was asked.
    """

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _check_names(
        self, _: Mapping[str, Any], original: Mapping[str, object], **__: object
    ) -> None:
        """Refuse every name that is not known."""
        problems = {name: [text] for name, text in unknown_names(original, self.fields)}
        if problems:
            raise ValidationError(problems)


class ExtendedSchema(DocumentSchema):
    """An object of the contract that has members of ours: a slip of the pen in one is refused.

    Other names that it does not know may be the vendor's, and are dropped.
    """

    ours: ClassVar[frozenset[str]] = frozenset()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _check_slips(
        self, _: Mapping[str, Any], original: Mapping[str, object], **__: object
    ) -> None:
        """Refuse every unknown name that is all but one of ours."""
        known = self.ours | self.fields.keys()
        unknown = (name for name in original if name not in known)
        problems = {name: [text] for name in unknown if (text := slip_of(name, self.ours))}
        if problems:
            raise ValidationError(problems)


class Text(fields.String):
    """A string that every store can hold."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str):
            _refuse("a string", value)
        problem = text_problem(value)
        if problem:
            raise ValidationError(problem)
        return value


class Flag(fields.Boolean):
    """True or false, in no other spelling."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if not isinstance(value, bool):
            _refuse("true or false", value)
        return value


class Whole(fields.Integer):
    """A number without a fraction."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> int:
        whole = as_whole(value)
        if whole is None:
            _refuse("a whole number", value)
        return whole


class Number(fields.Float):
    """A finite number, kept as it was sent."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, *_: object, **__: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            _refuse("a number", value)
        if isinstance(value, float) and not math.isfinite(value):
            msg = "must be a finite number"
            raise ValidationError(msg)
        return value


class Part(fields.Nested):
    """An object inside the document."""

    default_error_messages = MESSAGES

    def _deserialize(
        self,
        value: object,
        attr: str | None,
        data: Mapping[str, object] | None,
        *_: object,
        **__: object,
    ) -> object:
        return super()._deserialize(_checked_object(value), attr, data)


class Items(fields.List[Any]):
    """An array whose elements are all of one kind; of too many, none is looked at."""

    default_error_messages = MESSAGES

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **__: object
    ) -> list[Any]:
        if not isinstance(value, list):
            _refuse("an array", value)
        self._validate(value)
        return super()._deserialize(value, attr, data)


class Variant(fields.Field[dict[str, Any]]):
    """An object that has one of several shapes."""

    default_error_messages = MESSAGES

    @abstractmethod
    def choose(self, value: Mapping[str, object]) -> Schema:
        """Return the schema of the shape that `value` means to have; raise if there is none."""

    def _deserialize(self, value: object, *_: object, **__: object) -> dict[str, Any]:
        checked = _checked_object(value)
        loaded: dict[str, Any] = self.choose(checked).load(checked)
        return loaded


def _checked_object(value: object) -> Mapping[str, object]:
    """Return `value` if it is an object; raise if not."""
    if not isinstance(value, Mapping):
        _refuse("an object", value)
    return value


def _refuse(wanted: str, value: object) -> NoReturn:
    """Refuse a value of the wrong JSON type; the schema adds it where it may be shown."""
    msg = f"must be {wanted}, not {json_kind(value)}"
    raise ValidationError(msg)
