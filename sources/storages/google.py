"""The login of a Google service account: a statement that it signs by itself.

The library would read the account too, but looks into this process's environment for another one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from definitions.errors import SourceRefusedError
from definitions.troubles import Trouble

NEEDED = ("client_email", "private_key", "private_key_id")
ASK_FOR = "give the whole text of the JSON key that Google made for the service account"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
GOOD_FOR = timedelta(hours=1)  # at most, says Google


class Token(TypedDict):
    """A token as the library takes it."""

    token: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """An account that signs."""

    email: str
    key_id: str
    key: rsa.RSAPrivateKey = field(repr=False)
    now: Callable[[], datetime]

    @classmethod
    def read(cls, text: str, now: Callable[[], datetime]) -> ServiceAccount:
        """Return the account of a JSON key; raise `SourceRefusedError` for what is none."""
        parsed = _parsed(text)
        if isinstance(parsed, str):
            msg = f"the service account {parsed}; {ASK_FOR}"
            raise SourceRefusedError(msg, trouble=Trouble.LOGIN)
        known, key = parsed
        return cls(email=known["client_email"], key_id=known["private_key_id"], key=key, now=now)

    def __call__(self) -> Token:
        """Return a token for the next hour."""
        now = self.now()
        until = now + GOOD_FOR
        head = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        body = {
            "iss": self.email,
            "sub": self.email,
            "scope": SCOPE,
            "iat": int(now.timestamp()),
            "exp": int(until.timestamp()),
        }
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in (head, body))
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {"token": f"{signed}.{_encoded(signature)}", "expires_at": until}


def account_problem(text: str) -> str | None:
    """Return why a text is not the JSON key of a service account, and what to do, or None."""
    parsed = _parsed(text)
    return f"{parsed}; {ASK_FOR}" if isinstance(parsed, str) else None


def _parsed(text: str) -> tuple[dict[str, str], rsa.RSAPrivateKey] | str:
    """Return what a JSON key says, and its private key; or what is wrong with it."""
    try:
        known = json.loads(text)
    except ValueError as exc:
        where = f" at line {exc.lineno}" if isinstance(exc, json.JSONDecodeError) else ""
        return f"is not JSON{where}"
    if not isinstance(known, dict):
        return "is JSON, but no object"
    lacking = [name for name in NEEDED if not isinstance(known.get(name), str) or not known[name]]
    if lacking:
        return f"lacks {', '.join(lacking)}"
    try:
        key = load_pem_private_key(known["private_key"].encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        return "has a private_key that is no RSA key in PEM"
    return known, key


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
