"""Signatures, verified by the library that receivers use."""

from __future__ import annotations

import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from importmgr.identity import SystemIdentity
from importmgr.security.signing import new_signing_secret, signatures

BODY = '{"type":"run.failed","data":{"import_name":"Käufer"}}'


def headers(*secrets: str, notice_id: str = "msg_1") -> dict[str, str]:
    now = int(time.time())
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signatures(secrets, notice_id, now, BODY.encode()),
    }


def test_a_secret_is_long_and_never_the_same() -> None:
    first, second = (new_signing_secret(SystemIdentity()) for _ in range(2))

    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == 32
    assert first != second


def test_receivers_can_verify_what_is_sent() -> None:
    secret = new_signing_secret(SystemIdentity())

    assert Webhook(secret).verify(BODY, headers(secret))["type"] == "run.failed"


def test_both_secrets_verify_while_they_overlap_and_no_other_does() -> None:
    old, new, other = (new_signing_secret(SystemIdentity()) for _ in range(3))
    sent = headers(new, old)

    assert len(sent["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(BODY, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, sent)


def test_another_id_or_body_does_not_verify() -> None:
    secret = new_signing_secret(SystemIdentity())
    sent = headers(secret)

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + " ", sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, {**sent, "webhook-id": "msg_2"})


def test_the_scheme_is_that_of_the_specification() -> None:
    """As the specification has it: HMAC-SHA256 over `id.timestamp.body`, in base64."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    first_half = "g0hM9SsE+OTPJTGt/"

    signed = signatures([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signed == f"v1,{first_half}tmIKtSyZlE3uFJELVlNIOLJ1OE="
