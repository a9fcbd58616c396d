"""Webhooks as the Standard Webhooks specification has them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from definitions.address import MAX_ADDRESS, plain_url_problem
from definitions.delivery import Try
from definitions.errors import SettingsError
from definitions.schema.fields import Text
from definitions.schema.receiver import ReceiverSchema
from definitions.schema.rules import checked_by, length
from importmgr.security.signing import signatures
from importmgr.telling.channel import ChannelKind, Means
from importmgr.telling.signing_secrets import signing_secrets

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.security.sealing import Sealer
    from importmgr.store.receivers import StoredReceiver
    from importmgr.telling.posting import Poster


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


class WebhookChannel:
    """Posts notices, signed with the receiver's secret, and with those before it for a while."""

    def __init__(self, poster: Poster, *, sealer: Sealer, clock: Clock) -> None:
        """Take what posts, what opens secrets, and the time that is signed."""
        self._poster = poster
        self._sealer = sealer
        self._clock = clock

    def send(self, receiver: StoredReceiver, notice_id: str, body: str) -> Try:
        """Post the notice once; the signed time is that of the try."""
        at, began = self._clock.now(), self._clock.monotonic()
        content, seconds = body.encode(), int(at.timestamp())
        try:
            secrets = signing_secrets(self._sealer, receiver, at)
            signed = signatures(secrets, notice_id, seconds, content)
        except SettingsError as exc:
            return Try(at=at, milliseconds=0.0, error=str(exc))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": notice_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signed,
        }
        reply = self._poster.post(receiver.document["url"], content, headers)
        return Try(
            at=at,
            milliseconds=1000 * (self._clock.monotonic() - began),
            status=reply.status,
            error=reply.error,
            answer=reply.answer,
            retry_after=reply.retry_after,
            gone=reply.status == HTTPStatus.GONE,
        )


def _open(means: Means) -> WebhookChannel:
    return WebhookChannel(means.poster, sealer=means.sealer, clock=means.clock)


WEBHOOK = ChannelKind(
    name="webhook",
    schema=WebhookSchema,
    place="url",
    metavar="URL",
    example={
        "name": "On call",
        "url": "https://hooks.example.test/imports",
        "events": ["run.failed", "run.missed"],
        "imports": None,
        "active": True,
    },
    open=_open,
    is_signed=True,
    addresses=frozenset({"url"}),
)
