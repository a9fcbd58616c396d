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

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from definitions.errors import SourceRefusedError
from definitions.troubles import Trouble

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
        try:
            known = json.loads(text)
            key = load_pem_private_key(known["private_key"].encode(), None)
            email, key_id = str(known["client_email"]), str(known["private_key_id"])
        except (ValueError, KeyError, TypeError, AttributeError):
            key = None
        if not isinstance(key, rsa.RSAPrivateKey):
            msg = "the service account cannot be read; give the whole text of its JSON key"
            raise SourceRefusedError(msg, trouble=Trouble.LOGIN) from None
        return cls(email=email, key_id=key_id, key=key, now=now)

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


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
