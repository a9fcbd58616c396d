"""The documents of receivers: who is told about imports, of what, and of which imports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow.validate import Length

from definitions.address import MAX_ADDRESS, plain_url_problem
from definitions.delivery import ReceiverKind
from definitions.errors import InvalidError
from definitions.notices import NoticeType
from definitions.schema.document import flat
from definitions.schema.fields import DocumentSchema, Flag, Items, Text, Whole
from definitions.schema.rules import (
    at_most,
    between,
    checked_by,
    json_kind,
    length,
    one_of,
    or_default,
)

_MAX_NAME = 200
_MAX_ID = 100
_MOST_IMPORTS = 1_000
_MAX_RECIPIENT = 254
_MOST_RECIPIENTS = 20
_MOST_HOURS = 720
_RECIPIENT = re.compile(r"[!-~]{1,64}@[0-9A-Za-z.-]{1,189}", re.ASCII)
_QUIET = NoticeType.RUN_COMPLETED  # nobody wants mail of what goes well


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


class WebhookSchema(ReceiverSchema):
    """A program that is told by HTTP POST, as Standard Webhooks has it."""

    url = Text(
        required=True,
        validate=[*length(1, MAX_ADDRESS), checked_by(plain_url_problem)],
        metadata={
            "description": "Where notices are sent; redirects are not followed.",
            "format": "uri",
            "example": "https://hooks.example.test/imports",
        },
    )


def _recipient_problem(address: str) -> str | None:
    if _RECIPIENT.fullmatch(address):
        return None
    return "must be an address such as oncall@example.test, without a name or spaces"


class EmailSchema(ReceiverSchema):
    """People who are told by mail, all by one."""

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
    recipients = Items(
        Text(validate=[*length(1, _MAX_RECIPIENT), checked_by(_recipient_problem)]),
        required=True,
        validate=[at_most(_MOST_RECIPIENTS), Length(min=1, error="must not be empty")],
        metadata={"description": "Who gets mail.", "example": ["oncall@example.test"]},
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


SCHEMAS: Mapping[ReceiverKind, type[Schema]] = {
    ReceiverKind.WEBHOOK: WebhookSchema,
    ReceiverKind.EMAIL: EmailSchema,
}


def check_receiver(kind: ReceiverKind, document: object) -> dict[str, Any]:
    """Return the normal form of a receiver's document.

    Raise `InvalidError` with every problem, each under the path of its field.
    """
    if not isinstance(document, Mapping):
        raise InvalidError({"body": [f"must be a JSON object, not {json_kind(document)}"]})
    try:
        normal: dict[str, Any] = SCHEMAS[kind]().load(dict(document))
    except ValidationError as exc:
        problems = {path: list(texts) for path, texts in flat(exc.messages)}
        raise InvalidError(problems) from None
    return normal
