"""Private keys: made once, shown once, rotated without downtime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from definitions.audit import NOTHING, AuditAction, Change, Facts
from definitions.errors import InvalidError, NotFoundError
from importmgr.security.permissions import check_known
from importmgr.security.secrets import hash_secret, new_secret
from importmgr.services.projects import Projects
from importmgr.store import Stores
from importmgr.store.keys import Key
from importmgr.store.transactions import Also
from importmgr.world import World

OVERLAP = timedelta(hours=24)  # how long a rotated secret stays valid
LAST = 4  # characters of a secret that stay readable, to tell keys apart


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as shown once, to the person who made it."""

    key_id: str
    secret: str = field(repr=False)
    project_token: str
    name: str
    permissions: frozenset[str]


class Keys:
    """Makes, lists, revokes and rotates the keys of a project."""

    def __init__(self, stores: Stores, *, projects: Projects, pepper: bytes, world: World) -> None:
        """Take the stores, and the pepper under which secrets are hashed."""
        self._store = stores.keys
        self._audit = stores.audit
        self._projects = projects
        self._pepper = pepper
        self._clock = world.clock
        self._identity = world.identity

    def create(self, project_token: str, name: str, permissions: Iterable[str]) -> NewKey:
        """Return a new key; raise `InvalidError` for an unknown permission or none at all."""
        project = self._projects.require(project_token)
        if not name.strip():
            raise InvalidError({"name": ["must not be empty"]})
        granted = frozenset(permissions)
        check_known(granted)
        if not granted:
            raise InvalidError({"permissions": ["grant at least one, or all of them"]})
        secret = new_secret(self._identity)
        key = Key(
            key_id=self._identity.hex24(),
            project_id=project.id,
            name=name,
            permissions=granted,
            secret_hash=hash_secret(self._pepper, secret),
            last4=secret[-LAST:],
            created_at=self._clock.now(),
        )
        after = {"name": name, "permissions": sorted(granted), "last4": key.last4}
        self._store.add(key, also=self._recording(AuditAction.KEY_CREATED, key, after=after))
        return _shown(key, secret, project.token)

    def list(self, project_token: str) -> list[Key]:
        """Return every key of the project, revoked ones too, oldest first."""
        return self._store.list(self._projects.require(project_token).id)

    def revoke(self, key_id: str) -> None:
        """Make the key useless at once; raise `NotFoundError` if it is unknown or revoked."""
        key = self._require(key_id)
        before = {"name": key.name, "permissions": sorted(key.permissions)}
        also = self._recording(AuditAction.KEY_REVOKED, key, before=before)
        if not self._store.revoke(key_id, self._clock.now(), also=also):
            raise _no_key(key_id)

    def rotate(self, key_id: str) -> NewKey:
        """Return the key with a new secret; the old secret stays valid for 24 hours."""
        key = self._require(key_id)
        secret = new_secret(self._identity)
        rotated = self._store.rotate(
            key_id,
            hash_secret(self._pepper, secret),
            last4=secret[-LAST:],
            previous_until=self._clock.now() + OVERLAP,
            also=self._recording(
                AuditAction.KEY_ROTATED,
                key,
                before={"last4": key.last4},
                after={"last4": secret[-LAST:]},
            ),
        )
        if not rotated:
            raise _no_key(key_id)
        return _shown(key, secret, self._projects.by_id(key.project_id).token)

    def _require(self, key_id: str) -> Key:
        key = self._store.by_id(key_id)
        if key is None:
            raise _no_key(key_id)
        return key

    def _recording(
        self, action: AuditAction, key: Key, *, before: Facts = NOTHING, after: Facts = NOTHING
    ) -> Also:
        change = Change(
            action=action, project_id=key.project_id, what=key.key_id, before=before, after=after
        )
        return self._audit.recording(change)


def _shown(key: Key, secret: str, project_token: str) -> NewKey:
    """Join what the store keeps with the secret that it does not."""
    return NewKey(
        key_id=key.key_id,
        secret=secret,
        project_token=project_token,
        name=key.name,
        permissions=key.permissions,
    )


def _no_key(key_id: str) -> NotFoundError:
    """Say that there is no such key in use."""
    return NotFoundError(f"there is no key {key_id!r} in use; `importmgr key list` shows them")
