"""The mapping of a document: which columns become which ids and properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validates_schema

from definitions.model import TargetType
from definitions.schema.fields import DocumentSchema, ExtendedSchema, Flag, Items, Part, Text
from definitions.schema.notation import (
    OPTIONS,
    decimal_field,
    format_field,
    option_problems,
    separator_field,
    thousands_field,
)
from definitions.schema.rules import at_most, checked_by, length, or_default, zone_problem
from definitions.schema.static_values import conversion_problem, storable_problem, target_of

MAX_COLUMN = 65_535
_MAX_ID_NAME = 500  # fits an index entry of every store, whatever the letters
_MAX_WORD = 1_000
MAX_MAPPINGS = 10_000
MAX_FIXED = 200


SENSITIVE_TOLD = {
    "description": "Whether the cells of the column are masked in faults, rejected rows and dry "
    "runs. An extension.",
    "example": True,
}


class IdMappingSchema(ExtendedSchema):
    """A column that holds an identifier."""

    ours = frozenset({"sensitive"})

    from_column = Text(required=True, validate=length(1, MAX_COLUMN), metadata={"example": "mail"})
    to_id = Text(required=True, validate=length(1, _MAX_ID_NAME), metadata={"example": "email_id"})
    sensitive = Flag(allow_none=True, metadata=SENSITIVE_TOLD)


class StaticValue(fields.Raw):
    """Any JSON value that every store can hold."""

    plain = True

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        problem = storable_problem(value)
        if problem:
            raise ValidationError(problem)
        return value


class PropertyMappingSchema(ExtendedSchema):
    """A column, or a fixed value, that becomes a property."""

    ours = frozenset({"value", "sensitive", *OPTIONS})

    from_column = Text(
        allow_none=True,
        validate=length(1, MAX_COLUMN),
        metadata={
            "description": "When absent, and there is no `value`: the column called as "
            "`to_column` says.",
            "example": "mail",
        },
    )
    value = StaticValue(
        allow_none=True,
        metadata={
            "description": "Instead of a column: the value that every row gets. An extension.",
            "example": "newsletter",
        },
    )
    to_column = Text(required=True, validate=length(1, MAX_COLUMN), metadata={"example": "email"})
    target_type = Text(
        **or_default(str(TargetType.STRING)),
        validate=length(1, _MAX_WORD),
        metadata={
            "description": f"One of {', '.join(TargetType)}; `text` and any other word mean "
            "`string`. May also be sent as `type`.",
            "example": "number",
        },
    )
    decimal = decimal_field
    thousands = thousands_field
    format = format_field("")
    separator = separator_field
    searchable = Flag(allow_none=True, metadata={"description": "Catalogs only; at most 20."})
    indexed = Text(
        allow_none=True,
        validate=length(0, _MAX_WORD),
        metadata={"description": "Catalogs only; any word asks for an index."},
    )
    sensitive = Flag(allow_none=True, metadata=SENSITIVE_TOLD)

    @pre_load
    def _read_alias(self, data: Mapping[str, object], **_: object) -> dict[str, object]:
        """Take `type` for `target_type`, unless that is given."""
        if data.get("target_type") is None and data.get("type") is not None:
            return {**data, "target_type": data["type"]}
        return dict(data)

    @validates_schema
    def _check_options(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse options that the target type has no use for."""
        problems: dict[str, list[str]] = {}
        for name, text in option_problems(data, target_of(data["target_type"])):
            problems.setdefault(name, []).append(text)
        if problems:
            raise ValidationError(problems)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _check_value(
        self, data: Mapping[str, Any], original: Mapping[str, object], **_: object
    ) -> None:
        """Refuse a fixed value next to a column, or one that is not of the target type."""
        if original.get("value") is None:
            return
        if original.get("from_column") is not None:
            msg = "must not be given together with from_column; drop one of the two"
            raise ValidationError({"value": [msg]})
        if "value" in data and "target_type" in data:
            problem = conversion_problem(data["value"], target_of(data["target_type"]))
            if problem:
                raise ValidationError({"value": [problem]})


def _few_fixed_values(value: object) -> object:
    """Refuse more fixed values than can be converted while a caller waits; else pass on."""
    mappings = value if isinstance(value, list) else []
    count = sum(isinstance(m, Mapping) and m.get("value") is not None for m in mappings)
    if count > MAX_FIXED:
        msg = f"must have at most {MAX_FIXED} fixed values, not {count}"
        raise ValidationError(msg)
    return value


class ColumnMappingSchema(ExtendedSchema):
    """What becomes of the columns."""

    ours = frozenset({"timestamp_format"})

    id_mappings = Items(
        Part(IdMappingSchema),
        required=True,
        validate=at_most(MAX_MAPPINGS),
        metadata={"description": "At least one for customers and events; may be empty else."},
    )
    property_mappings = Items(
        Part(PropertyMappingSchema),
        required=True,
        pre_load=_few_fixed_values,
        validate=at_most(MAX_MAPPINGS),
        metadata={"description": f"At most {MAX_FIXED} of them may have a fixed value."},
    )
    timestamp_column = Text(
        allow_none=True,
        validate=length(1, MAX_COLUMN),
        metadata={
            "description": "Holds the time of an event, as Unix seconds or ISO 8601; without it "
            "events happen when the run starts.",
        },
    )
    timestamp_format = format_field(" in the timestamp column")

    @validates_schema
    def _check_format(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse a format of no column."""
        if data.get("timestamp_format") is not None and data.get("timestamp_column") is None:
            msg = "needs a timestamp_column, which is what it is about"
            raise ValidationError({"timestamp_format": [msg]})


class MappingSchema(DocumentSchema):
    """How columns become ids and properties."""

    tz_info = Text(
        **or_default("UTC"),
        validate=[*length(1, _MAX_WORD), checked_by(zone_problem)],
        metadata={
            "description": "IANA name of the time zone of times without an offset.",
            "example": "Europe/Prague",
        },
    )
    column_mapping = Part(ColumnMappingSchema, required=True)
