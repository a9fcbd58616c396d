"""The documents of receivers: who is told about imports, of what, and of which imports.

What a receiver of one kind has besides is in its channel's file, in `importmgr.telling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from definitions.errors import InvalidError
from definitions.notices import NoticeType
from definitions.schema.document import flat
from definitions.schema.fields import DocumentSchema, Flag, Items, Text, Whole
from definitions.schema.rules import (
    at_most,
    between,
    json_kind,
    length,
    one_of,
    or_default,
)

_MAX_NAME = 200
_MAX_ID = 100
_MOST_IMPORTS = 1_000
_MOST_HOURS = 720
_QUIET = NoticeType.RUN_COMPLETED  # no person wants to hear of what goes well


class ReceiverSchema(DocumentSchema):
    """What every receiver has."""

    name = Text(
        **or_default(default=""),
        validate=length(0, _MAX_NAME),
        metadata={"description": "For people.", "example": "On call"},
    )
    events = Items(
        Text(validate=one_of(NoticeType)),
        allow_none=True,
        load_default=None,
        validate=at_most(len(NoticeType)),
        metadata={"description": "What is told; null: everything.", "example": ["run.failed"]},
    )
    imports = Items(
        Text(validate=length(1, _MAX_ID)),
        allow_none=True,
        load_default=None,
        validate=at_most(_MOST_IMPORTS),
        metadata={
            "description": "Ids of the definitions of which it is told; null: all of the project.",
            "example": ["5f3c1a2b4d5e6f708192a3b4"],
        },
    )
    active = Flag(
        **or_default(default=True), metadata={"description": "Whether anything is sent to it."}
    )


class PersonSchema(ReceiverSchema):
    """What a receiver has that tells people: not of what goes well, seldom of what only goes on."""

    events = Items(
        Text(validate=one_of(NoticeType)),
        allow_none=True,
        load_default=lambda: [str(kind) for kind in NoticeType if kind is not _QUIET],
        validate=at_most(len(NoticeType)),
        metadata={
            "description": "What is told; absent: everything but `run.completed`; null: everything",
            "example": ["run.failed"],
        },
    )
    repeat_hours = Whole(
        **or_default(default=24),
        validate=between(1, _MOST_HOURS),
        metadata={
            "description": "An import that fails, fails again and so on is told of once in so "
            "many hours; each change is told of at once.",
            "example": 24,
        },
    )


def check_receiver(schema: type[ReceiverSchema], document: object) -> dict[str, Any]:
    """Return the normal form of a receiver's document.

    Raise `InvalidError` with every problem, each under the path of its field.
    """
    if not isinstance(document, Mapping):
        raise InvalidError({"body": [f"must be a JSON object, not {json_kind(document)}"]})
    try:
        normal: dict[str, Any] = schema().load(dict(document))
    except ValidationError as exc:
        problems = {path: list(texts) for path, texts in flat(exc.messages)}
        raise InvalidError(problems) from None
    return normal
