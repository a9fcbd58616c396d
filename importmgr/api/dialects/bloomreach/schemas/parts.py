"""What many bodies and answers share."""

from __future__ import annotations

from marshmallow import fields

from definitions.schema.fields import DocumentSchema
from definitions.schema.rules import length
from importmgr.api.fields import QueryWhole

ID = "66f0c1d2e3a4b5c6d7e8f901"
MAX_LIMIT = 50
DEFAULT_LIMIT = 10
MAX_COUNT = 1000
FAR = 1_000_000_000
NAMED = length(1, 500)


class Success(DocumentSchema):
    """An answer that holds nothing but the good news."""

    success = fields.Boolean(required=True, dump_default=True, metadata={"enum": [True]})


class TrackSuccess(Success):
    """The same from the tracking addresses, whose clients also look for a list of errors."""

    errors = fields.List(
        fields.String(), required=True, dump_default=list, metadata={"maxItems": 0}
    )


class PageQuery(DocumentSchema):
    """Which part of a list."""

    limit = QueryWhole(1, MAX_LIMIT, DEFAULT_LIMIT, "how many at most")
    offset = QueryWhole(0, FAR, 0, "how many to leave out at the beginning")


def told(description: str, *, allow_none: bool = False) -> fields.String:
    """Return a documented text field of an answer, always there."""
    return fields.String(
        required=True, metadata={"description": description}, allow_none=allow_none
    )


def our_id(description: str, *, allow_none: bool = False) -> fields.String:
    """Return a documented field of an answer for one of our own ids."""
    metadata = {"description": description, "example": ID}
    return fields.String(required=True, metadata=metadata, allow_none=allow_none)


def count(description: str, *, allow_none: bool = False) -> fields.Integer:
    """Return a documented field of an answer that counts something."""
    metadata = {"description": description, "example": 0}
    return fields.Integer(required=True, metadata=metadata, allow_none=allow_none)


def epoch(description: str, *, allow_none: bool = False) -> fields.Float:
    """Return a documented field of an answer for an instant."""
    metadata = {"description": f"{description}, in epoch seconds", "example": 1767225600.5}
    return fields.Float(required=True, metadata=metadata, allow_none=allow_none)
