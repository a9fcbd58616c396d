"""Receivers of notices as asked for and as answered, and what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields

from definitions.delivery import DeliveryState, Try
from definitions.schema.fields import DocumentSchema, Text
from definitions.schema.receiver import EmailSchema, WebhookSchema
from definitions.schema.rules import one_of
from importmgr.api.dialects.native.schemas import NativePage
from importmgr.services.receivers import NewSecret
from importmgr.store.deliveries import StoredDelivery
from importmgr.store.receivers import StoredReceiver

ID = "5f3c1a2b4d5e6f708192a3b4"
NOTICE_ID = "msg_0d9b1f0a3c5e7b9d1f3a5c7e"
WEBHOOK: dict[str, Any] = {
    "name": "On call",
    "url": "https://hooks.example.test/imports",
    "events": ["run.failed", "run.missed"],
    "imports": None,
    "active": True,
}
STATE: dict[str, Any] = {
    "created": 1767225600.5,
    "disabled": None,
    "failures": 0,
    "failing_since": None,
}
WEBHOOK_ITEM: dict[str, Any] = {
    "webhook_id": ID,
    "webhook": WEBHOOK,
    **STATE,
    "previous_secret_until": None,
}
EMAIL: dict[str, Any] = {
    "name": "On call",
    "recipients": ["oncall@example.test"],
    "events": ["run.failed", "freshness.broken"],
    "imports": None,
    "active": True,
    "repeat_hours": 24,
}
EMAIL_ITEM: dict[str, Any] = {"email_id": ID, "email": EMAIL, **STATE}
SECRET = {
    "webhook_id": ID,
    "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "previous_secret_until": None,
}
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


class WebhookItem(ReceiverState):
    """A webhook, its id, and how it does; its secret is shown when it is made, and only then."""

    webhook_id = fields.String(required=True, metadata={"example": ID})
    webhook = fields.Nested(WebhookSchema, required=True)
    previous_secret_until = _epoch("until when the secret before signs too", allow_none=True)


class WebhookList(DocumentSchema):
    """A page of webhooks in the order of their creation."""

    webhooks = fields.List(fields.Nested(WebhookItem), required=True)
    total = fields.Integer(required=True, metadata={"description": "all of the project"})
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)


class EmailItem(ReceiverState):
    """People who are told by mail, the id of that, and how it does."""

    email_id = fields.String(required=True, metadata={"example": ID})
    email = fields.Nested(EmailSchema, required=True)


class EmailList(DocumentSchema):
    """A page of those who are told by mail, in the order of creation."""

    emails = fields.List(fields.Nested(EmailItem), required=True)
    total = fields.Integer(required=True, metadata={"description": "all of the project"})
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)


class EmailCreated(DocumentSchema):
    """The id of what was created."""

    email_id = fields.String(required=True, metadata={"example": ID})


class WebhookSecret(DocumentSchema):
    """The secret that signs from now on."""

    webhook_id = fields.String(required=True, metadata={"example": ID})
    secret = fields.String(
        required=True, metadata={"description": "shown this once", "format": "password"}
    )
    previous_secret_until = _epoch("until when the secret before signs too", allow_none=True)


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


def render_webhook(receiver: StoredReceiver) -> dict[str, Any]:
    """Return a webhook with its id."""
    return {
        "webhook_id": receiver.id,
        "webhook": receiver.document,
        **render_state(receiver),
        "previous_secret_until": _seconds(receiver.previous_until),
    }


def render_email(receiver: StoredReceiver) -> dict[str, Any]:
    """Return who is told by mail, with the id."""
    return {"email_id": receiver.id, "email": receiver.document, **render_state(receiver)}


def render_state(receiver: StoredReceiver) -> dict[str, Any]:
    """Return how a receiver does."""
    return {
        "created": receiver.created_at.timestamp(),
        "disabled": receiver.disabled,
        "failures": receiver.record.failures,
        "failing_since": _seconds(receiver.record.failing_since),
    }


def render_secret(new: NewSecret) -> dict[str, Any]:
    """Return a secret, for the one time it is shown."""
    return {
        "webhook_id": new.receiver_id,
        "secret": new.secret,
        "previous_secret_until": _seconds(new.previous_until),
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
