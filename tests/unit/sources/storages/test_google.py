from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from definitions.errors import SourceRefusedError
from sources.storages.google import SCOPE, ServiceAccount
from tests.storages import service_account

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_an_account_signs_for_an_hour() -> None:
    account = ServiceAccount.read(service_account(), lambda: NOW)

    token = account()

    head, body, signature = token["token"].split(".")
    signed = f"{head}.{body}".encode()
    account.key.public_key().verify(decoded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
    said = json.loads(decoded(body))
    assert (said["iss"], said["scope"]) == ("importer@example.test", SCOPE)
    assert said["exp"] - said["iat"] == 3600
    assert token["expires_at"] is not None
    assert "PRIVATE" not in repr(account)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"private_key": "x"}', '{"private_key": 5}'])
def test_what_is_no_account_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(SourceRefusedError, match="give the whole text"):
        ServiceAccount.read(text, lambda: NOW)
