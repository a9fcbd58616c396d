"""Signatures of webhooks, as the Standard Webhooks specification has them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from importmgr.identity import Identity

PREFIX = "whsec_"
_BYTES = 32


def new_signing_secret(identity: Identity) -> str:
    """Return a new secret of 256 random bits, as receivers' libraries read it."""
    random = identity.token(_BYTES).translate(str.maketrans("-_", "+/"))
    return f"{PREFIX}{random}{'=' * (-len(random) % 4)}"


def signatures(secrets: Iterable[str], notice_id: str, timestamp: int, body: bytes) -> str:
    """Return the header's value: one signature for each secret, any one of which is enough."""
    signed = f"{notice_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
