"""Ids and randomness, as an argument."""

from __future__ import annotations

import secrets
from typing import Protocol


class Identity(Protocol):
    """What makes new ids and secrets."""

    def hex24(self) -> str:
        """Return a new id: 24 lower-case hexadecimal characters."""

    def token(self, size: int = 32) -> str:
        """Return a new secret of `size` random bytes as URL-safe text."""

    def fraction(self) -> float:
        """Return a random number from 0 up to 1, for spreading waits."""


class SystemIdentity:
    """Ids and secrets from the operating system's randomness."""

    def hex24(self) -> str:
        """Return a new id: 24 lower-case hexadecimal characters."""
        return secrets.token_hex(12)

    def token(self, size: int = 32) -> str:
        """Return a new secret of `size` random bytes as URL-safe text."""
        return secrets.token_urlsafe(size)

    def fraction(self) -> float:
        """Return a random number from 0 up to 1, for spreading waits."""
        return secrets.randbelow(1 << 53) / (1 << 53)
