"""Who calls, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from definitions.errors import (
    ForbiddenError,
    LimitError,
    RequestError,
    UnauthenticatedError,
)
from importmgr.clock import Clock
from importmgr.security.secrets import hash_secret, same_hash
from importmgr.services.projects import Projects
from importmgr.store.keys import Key, KeyStore
from importmgr.store.projects import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A caller whose key was verified."""

    project: Project
    key_id: str
    permissions: frozenset[str]


class FailedLogins(Protocol):
    """Counts failed logins per address over a moving minute."""

    def seconds_blocked(self, address: str) -> int:
        """Return how long the address must wait before it may try again; 0 if it may now."""

    def add(self, address: str) -> None:
        """Count one failed login."""


class Access:
    """Verifies keys and permissions."""

    def __init__(
        self,
        keys: KeyStore,
        *,
        projects: Projects,
        failed: FailedLogins,
        pepper: bytes,
        clock: Clock,
    ) -> None:
        """Take the stores and the pepper under which secrets were hashed."""
        self._keys = keys
        self._projects = projects
        self._failed = failed
        self._pepper = pepper
        self._clock = clock

    def authenticate(self, key_id: str, secret: str, address: str) -> Principal:
        """Return who calls.

        Raise `UnauthenticatedError` for an unknown, revoked or wrong key, in the same time and
        with the same text; raise `LimitError` instead after too many of them from one address.
        A good key passes all the same: secrets are too long to be guessed, and a bad client must
        not lock out its neighbours behind the same address.
        """
        key = self._keys.by_id(key_id)
        if not self._matches(key, secret) or key is None:
            raise self._refusal(address)
        project = self._projects.by_id(key.project_id)
        return Principal(project=project, key_id=key.key_id, permissions=key.permissions)

    def authorize(self, principal: Principal, project_token: str, permission: str) -> Project:
        """Return the project; raise `ForbiddenError` if the key is not for it or not for that."""
        if project_token != principal.project.token:
            msg = f"key {principal.key_id!r} does not belong to project {project_token!r}"
            raise ForbiddenError(msg)
        if permission not in principal.permissions:
            msg = f"key {principal.key_id!r} lacks the permission {permission!r}"
            raise ForbiddenError(msg)
        return principal.project

    def _refusal(self, address: str) -> RequestError:
        """Count a failure and return what to raise for it."""
        if wait := self._failed.seconds_blocked(address):
            msg = f"too many failed logins from this address; wait {wait} seconds"
            return LimitError(msg, retry_after=wait)
        self._failed.add(address)
        msg = "the key id or the secret is wrong, or the key was revoked"
        return UnauthenticatedError(msg)

    def _matches(self, key: Key | None, secret: str) -> bool:
        """Compare in constant time, also when there is no such key."""
        given = hash_secret(self._pepper, secret)
        current = same_hash(given, None if key is None else key.secret_hash)
        previous = same_hash(given, None if key is None else key.previous_hash)
        if key is None or key.revoked_at is not None:
            return False
        still_valid = key.previous_until is not None and self._clock.now() < key.previous_until
        return current or (previous and still_valid)
