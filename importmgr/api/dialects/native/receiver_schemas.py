"""Receivers of notices as asked for and as answered, and what was sent to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from definitions.delivery import DeliveryState, Try
from definitions.schema.fields import DocumentSchema, Text
from definitions.schema.rules import one_of
from importmgr.api.dialects.native.schemas import NativePage
from importmgr.services.receivers import NewSecret
from importmgr.store.deliveries import StoredDelivery
from importmgr.store.receivers import StoredReceiver
from importmgr.telling.channel import ChannelKind

ID = "5f3c1a2b4d5e6f708192a3b4"
NOTICE_ID = "msg_0d9b1f0a3c5e7b9d1f3a5c7e"
STATE: dict[str, Any] = {
    "created": 1767225600.5,
    "disabled": None,
    "failures": 0,
    "failing_since": None,
}
SIGNS = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
TRY: dict[str, Any] = {
    "at": 1767225600.5,
    "milliseconds": 84.2,
    "status": 503,
    "error": "https://hooks.example.test/imports answers 503, which is no success",
    "answer": "come back later",
}
TESTED = {"ok": False} | {name: value for name, value in TRY.items() if name != "at"}
DELIVERY: dict[str, Any] = {
    "notice_id": NOTICE_ID,
    "type": "run.failed",
    "at": 1767225600.5,
    "state": "pending",
    "attempt": 1,
    "due": 1767225605.7,
    "tries": [TRY],
}


def _epoch(text: str, **options: Any) -> fields.Float:  # noqa: ANN401 - as marshmallow's own
    return fields.Float(
        required=True, metadata={"description": f"{text}, in epoch seconds"}, **options
    )


class ReceiverState(DocumentSchema):
    """How a receiver does."""

    created = _epoch("when it was created")
    disabled = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "why the service made it inactive; null: it did not"},
    )
    failures = fields.Integer(
        required=True, metadata={"description": "tries that failed since one went well"}
    )
    failing_since = _epoch("since when every try has failed", allow_none=True)


class ReceiverPage(DocumentSchema):
    """A page of receivers in the order of their creation."""

    total = fields.Integer(required=True, metadata={"description": "all of the project"})
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)


class SignedState(ReceiverState):
    """How a receiver does for which a secret signs; it is shown when it is made, and only then."""

    previous_secret_until = _epoch("until when the secret before signs too", allow_none=True)


class Made(DocumentSchema):
    """What was made."""


class MadeSecret(DocumentSchema):
    """The secret that signs from now on."""

    secret = fields.String(
        required=True, metadata={"description": "shown this once", "format": "password"}
    )
    previous_secret_until = _epoch("until when the secret before signs too", allow_none=True)


class Shapes:
    """How receivers of one kind are asked for and answered; what differs follows from the kind."""

    def __init__(self, kind: ChannelKind) -> None:
        """Make the schemas of the kind, each under a name of its own."""
        self.kind = kind
        name, title = kind.name, kind.name.capitalize()
        an_id = fields.String(required=True, metadata={"example": ID})
        state = SignedState if kind.is_signed else ReceiverState
        document = fields.Nested(_shown(kind), required=True)
        self.item = state.from_dict({kind.id_name: an_id, name: document}, name=f"{title}Item")
        rows = fields.List(fields.Nested(self.item), required=True)
        self.page = ReceiverPage.from_dict({f"{name}s": rows}, name=f"{title}List")
        made, word = (MadeSecret, "Secret") if kind.is_signed else (Made, "Created")
        self.created = made.from_dict({kind.id_name: an_id}, name=f"{title}{word}")
        self._add_examples()

    def _add_examples(self) -> None:
        kind, until = self.kind, {"previous_secret_until": None}
        example, _ = kind.parted(kind.example)
        signed = until if kind.is_signed else {}
        self.item_example = {kind.id_name: ID, kind.name: example, **STATE, **signed}
        self.page_example = {
            f"{kind.name}s": [self.item_example],
            "total": 1,
            "limit": 10,
            "offset": 0,
        }
        secret = {"secret": SIGNS, **until} if kind.is_signed else {}
        self.created_example = {kind.id_name: ID, **secret}
        media = {"schema": kind.schema, "example": kind.example}
        self.body = {"required": True, "content": {"application/json": media}}

    def id_of(self, ids: Mapping[str, str]) -> str:
        """Return the id in a path."""
        return ids[self.kind.id_name]

    def render(self, receiver: StoredReceiver) -> dict[str, Any]:
        """Return a receiver with its id, and how it does."""
        shown = {
            self.kind.id_name: receiver.id,
            self.kind.name: receiver.document,
            **render_state(receiver),
        }
        if self.kind.is_signed:
            shown["previous_secret_until"] = _seconds(receiver.previous_until)
        return shown

    def render_made(self, new: NewSecret) -> dict[str, Any]:
        """Return the id of what was made, and what signs, for the one time it is shown."""
        made = {self.kind.id_name: new.receiver_id}
        if new.secret is None:
            return made
        until = _seconds(new.previous_until)
        return {**made, "secret": new.secret, "previous_secret_until": until}


def _shown(kind: ChannelKind) -> type[Schema]:
    """Return the schema of a document as it is shown."""
    if not kind.hidden:
        return kind.schema
    meta = type("Meta", (kind.schema.Meta,), {"exclude": tuple(kind.hidden)})
    return type(f"Shown{kind.name.capitalize()}Schema", (kind.schema,), {"Meta": meta})


class ReceiverTest(DocumentSchema):
    """What came of sending a test."""

    ok = fields.Boolean(required=True)
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "of the answer, if there was one"}
    )
    milliseconds = fields.Float(required=True)
    error = fields.String(
        required=True, allow_none=True, metadata={"description": "what is wrong, for a person"}
    )
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "the beginning of what was said"}
    )


class DeliveryQuery(NativePage):
    """Which part of the deliveries."""

    state = Text(
        load_default=None,
        allow_none=True,
        validate=one_of(DeliveryState),
        metadata={"description": "only those in this state", "enum": [*DeliveryState, None]},
    )


class DeliveryTry(DocumentSchema):
    """One try to deliver."""

    at = _epoch("when it was made")
    milliseconds = fields.Float(required=True)
    status = fields.Integer(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "the beginning of what was said"}
    )


class DeliveryItem(DocumentSchema):
    """What was sent, or is to be."""

    notice_id = fields.String(
        required=True,
        metadata={"description": "the same for every try and every receiver", "example": NOTICE_ID},
    )
    type = fields.String(required=True, metadata={"example": "run.failed"})
    at = _epoch("when it came about")
    state = fields.String(required=True, metadata={"enum": list(DeliveryState)})
    attempt = fields.Integer(required=True, metadata={"description": "tries since it was queued"})
    due = _epoch("when it is tried next, if it is pending")
    tries = fields.List(fields.Nested(DeliveryTry), required=True)


class DeliveryList(DocumentSchema):
    """A page of deliveries, the newest first."""

    deliveries = fields.List(fields.Nested(DeliveryItem), required=True)
    total = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)


def render_state(receiver: StoredReceiver) -> dict[str, Any]:
    """Return how a receiver does."""
    return {
        "created": receiver.created_at.timestamp(),
        "disabled": receiver.disabled,
        "failures": receiver.record.failures,
        "failing_since": _seconds(receiver.record.failing_since),
    }


def render_try(made: Try) -> dict[str, Any]:
    """Return what came of a test."""
    return {
        "ok": made.error is None,
        "status": made.status,
        "milliseconds": round(made.milliseconds, 1),
        "error": made.error,
        "answer": made.answer,
    }


def render_delivery(delivery: StoredDelivery) -> dict[str, Any]:
    """Return what was sent, or is to be."""
    return {
        "notice_id": delivery.notice_id,
        "type": delivery.type,
        "at": delivery.at.timestamp(),
        "state": delivery.state,
        "attempt": delivery.attempt,
        "due": delivery.due_at.timestamp(),
        "tries": list(delivery.tries),
    }


def _seconds(instant: datetime | None) -> float | None:
    return None if instant is None else instant.timestamp()
