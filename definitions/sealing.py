"""Where the secret of a definition document sits, and what it is bound to.

The secret is `source.auth.password`. Sealing itself is done elsewhere; here are only the pure steps
around it: find it, replace it, and name what it is bound to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.address import origin

SEAL = "sealed:v1:"


def is_sealed(text: str) -> bool:
    """Tell whether a text stands for a sealed secret."""
    return text.startswith(SEAL)


def origin_of(import_url: str) -> str:
    """Return `scheme://host:port` of an address: lower case, the port always written."""
    return origin(import_url)


def password_of(document: Mapping[str, Any]) -> str | None:
    """Return the password of a normalised document, plain or sealed; None if it has no login."""
    auth = document["source"].get("auth")
    return None if auth is None else auth["password"]


def with_password(document: Mapping[str, Any], password: str) -> dict[str, Any]:
    """Return a copy of a normalised document that has a login, with another password."""
    source = document["source"]
    return {**document, "source": {**source, "auth": {**source["auth"], "password": password}}}
