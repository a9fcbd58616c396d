"""The documents of receivers: who is told about imports, of what, and of which imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from definitions.address import MAX_ADDRESS, check_url
from definitions.delivery import ReceiverKind
from definitions.errors import InvalidError
from definitions.notices import NoticeType
from definitions.schema.document import flat
from definitions.schema.fields import DocumentSchema, Flag, Items, Text
from definitions.schema.rules import (
    at_most,
    checked_by,
    json_kind,
    length,
    one_of,
    or_default,
)

_MAX_NAME = 200
_MAX_ID = 100
_MOST_IMPORTS = 1_000


def _url_problem(url: str) -> str | None:
    problem = check_url(url)
    return problem and problem.replace("; give it in source.auth instead", "")


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
        validate=[*length(1, MAX_ADDRESS), checked_by(_url_problem)],
        metadata={
            "description": "Where notices are sent; redirects are not followed.",
            "example": "https://hooks.example.test/imports",
        },
    )


SCHEMAS: Mapping[ReceiverKind, type[Schema]] = {ReceiverKind.WEBHOOK: WebhookSchema}


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
