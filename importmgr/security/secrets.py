"""Secrets of API keys: random, shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import hmac

from importmgr.identity import Identity

PREFIX = "imk_"  # lets secret scanners find one that leaked
_NO_HASH = bytes(hashlib.sha256().digest_size)


def new_secret(identity: Identity) -> str:
    """Return a new secret of 256 random bits."""
    return PREFIX + identity.token(32)


def hash_secret(pepper: bytes, secret: str) -> bytes:
    """Return what is stored of a secret; a fast hash is enough for 256 random bits."""
    return hmac.digest(pepper, secret.encode(), hashlib.sha256)


def same_hash(given: bytes, stored: bytes | None) -> bool:
    """Compare in constant time; without a stored hash do the same work and answer no."""
    return hmac.compare_digest(given, stored or _NO_HASH) and bool(stored)
