"""What the API answers about receivers of notices, as values."""

from __future__ import annotations

from dataclasses import dataclass

from importmgr.client.values import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody who is told; `document` may be sent to `create` and `update`.

    `disabled` says why the service made it inactive.
    """

    id: str
    document: Document
    disabled: str | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecret:
    """What signs from now on; the one before signs too until then, in epoch seconds."""

    webhook_id: str
    secret: str
    previous_secret_until: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverTest:
    """What came of a test; `error` is None if all is well."""

    status: int | None
    milliseconds: float
    error: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was sent, or is to be; times in epoch seconds, `tries` as they came."""

    notice_id: str
    type: str
    at: float
    state: str
    attempt: int
    due: float
    tries: tuple[Document, ...]


def receiver_of(document: Document, kind: str) -> Receiver:
    """Read a receiver of a kind."""
    return Receiver(
        id=document[f"{kind}_id"],
        document=document[kind],
        disabled=document["disabled"],
        failures=document["failures"],
    )


def secret_of(document: Document) -> WebhookSecret:
    """Read a secret."""
    return WebhookSecret(**{name: document[name] for name in WebhookSecret.__slots__})


def receiver_test_of(document: Document) -> ReceiverTest:
    """Read what came of a test."""
    return ReceiverTest(**{name: document[name] for name in ReceiverTest.__slots__})


def delivery_of(document: Document) -> Delivery:
    """Read a delivery."""
    values = {name: document[name] for name in Delivery.__slots__}
    return Delivery(**{**values, "tries": tuple(document["tries"])})
