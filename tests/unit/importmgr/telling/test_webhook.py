"""Webhooks as a receiver sees them, verified with the library that receivers use."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from importmgr.clock import SystemClock
from importmgr.security.keyring import Keyring, MasterKey
from importmgr.security.sealing import Sealer
from importmgr.store.projects import Project
from importmgr.store.receivers import StoredReceiver
from importmgr.telling.posting import Poster
from importmgr.telling.webhook import WebhookChannel
from sources.guard import AddressPolicy
from tests.api_server import ApiServer, Seen
from tests.receivers import receiver
from tests.stores import NOW

ROOT = Path(__file__).resolve().parents[4]
OLD, NEW = "whsec_" + "a" * 43 + "=", "whsec_" + "b" * 43 + "="
BODY = '{"type":"run.failed","data":{"import_name":"Käufer"}}'


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Keyring((MasterKey(secret=bytes(32)),)))


@pytest.fixture
def channel(sealer: Sealer) -> WebhookChannel:
    poster = Poster(policy=AddressPolicy(allow_private=True), seconds=5.0)
    return WebhookChannel(poster, sealer=sealer, clock=SystemClock())


def to(api_server: ApiServer, sealer: Sealer) -> StoredReceiver:
    made = receiver(Project(id=1, token="t", name="Shop", created_at=NOW), url=api_server.url)
    return replace(made, secret=sealer.encrypt_signing(made.id, NEW))


def verify(secret: str, seen: Seen) -> object:
    return Webhook(secret).verify(seen.raw, dict(seen.headers.items()))


def test_a_receiver_can_verify_what_it_gets(
    api_server: ApiServer, channel: WebhookChannel, sealer: Sealer
) -> None:
    api_server.answer("")

    made = channel.send(to(api_server, sealer), "msg_1", BODY)

    (seen,) = api_server.seen
    assert (made.error, made.status, made.gone) == (None, 200, False)
    assert seen.raw.decode() == BODY
    assert seen.headers["Content-Type"] == "application/json"
    assert verify(NEW, seen) == {"type": "run.failed", "data": {"import_name": "Käufer"}}


@pytest.mark.parametrize(("hours", "both"), [(1, True), (-1, False)])
def test_the_secret_before_signs_as_long_as_it_may(
    api_server: ApiServer, channel: WebhookChannel, sealer: Sealer, hours: int, *, both: bool
) -> None:
    api_server.answer("")
    made = to(api_server, sealer)
    rotated = replace(
        made,
        previous_secret=sealer.encrypt_signing(made.id, OLD),
        previous_until=SystemClock().now() + timedelta(hours=hours),
    )

    channel.send(rotated, "msg_1", BODY)

    (seen,) = api_server.seen
    verify(NEW, seen)
    if both:
        verify(OLD, seen)
    else:
        with pytest.raises(WebhookVerificationError):
            verify(OLD, seen)


def test_gone_is_noticed(api_server: ApiServer, channel: WebhookChannel, sealer: Sealer) -> None:
    api_server.answer("", 410)

    assert channel.send(to(api_server, sealer), "msg_1", BODY).gone


def test_a_secret_that_cannot_be_opened_sends_nothing(
    api_server: ApiServer, channel: WebhookChannel, sealer: Sealer
) -> None:
    foreign = replace(to(api_server, sealer), secret=sealer.encrypt_signing("other", NEW))

    made = channel.send(foreign, "msg_1", BODY)

    assert "signing secret" in (made.error or "")
    assert api_server.seen == []


def test_the_headers_in_the_reference_are_those_that_are_sent(
    api_server: ApiServer, channel: WebhookChannel, sealer: Sealer
) -> None:
    page = (ROOT / "docs" / "reference" / "notices.md").read_text(encoding="utf-8")
    api_server.answer("")

    channel.send(to(api_server, sealer), "msg_1", BODY)

    named = re.findall(r"^\| `(webhook-\w+)` \|", page, re.MULTILINE)
    sent = [name for name in api_server.seen[0].headers if name.startswith("webhook-")]
    assert sorted(named) == sorted(sent)
