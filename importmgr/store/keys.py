"""API keys as stored: never the secret, only its hash."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.store.tables import api_keys
from importmgr.store.transactions import Also, is_storable, nothing, reading, writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of one project; a rotated key's previous secret is good until `previous_until`."""

    key_id: str
    project_id: int
    name: str
    permissions: frozenset[str]
    last4: str
    created_at: datetime
    secret_hash: bytes = field(repr=False)
    previous_hash: bytes | None = field(default=None, repr=False)
    previous_until: datetime | None = None
    revoked_at: datetime | None = None


class KeyStore:
    """Keeps API keys."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(self, key: Key, *, also: Also = nothing) -> None:
        """Store a new key and do `also`, in one transaction."""
        values = {column.name: getattr(key, column.name) for column in api_keys.c}
        values["permissions"] = sorted(key.permissions)
        with writing(self._engine) as transaction:
            transaction.execute(sa.insert(api_keys).values(values))
            also(transaction)

    def by_id(self, key_id: str) -> Key | None:
        """Return the key of that id, revoked or not."""
        if not is_storable(key_id):
            return None
        with reading(self._engine) as transaction:
            found = sa.select(api_keys).where(api_keys.c.key_id == key_id)
            row = transaction.execute(found).one_or_none()
        return None if row is None else _to_key(row)

    def list(self, project_id: int) -> list[Key]:
        """Return every key of the project, revoked ones too, oldest first."""
        found = (
            sa.select(api_keys)
            .where(api_keys.c.project_id == project_id)
            .order_by(api_keys.c.created_at, api_keys.c.key_id)
        )
        with reading(self._engine) as transaction:
            return [_to_key(row) for row in transaction.execute(found)]

    def revoke(self, key_id: str, now: datetime, *, also: Also = nothing) -> bool:
        """Make the key useless and do `also`, if it is in use; tell whether it was."""
        return self._change(key_id, {"revoked_at": now}, also)

    def rotate(
        self,
        key_id: str,
        new_hash: bytes,
        *,
        last4: str,
        previous_until: datetime,
        also: Also = nothing,
    ) -> bool:
        """Give the key a new secret and do `also`, if it is in use; tell whether it was.

        The old secret is good until then.
        """
        change = {
            "previous_hash": api_keys.c.secret_hash,
            "secret_hash": new_hash,
            "last4": last4,
            "previous_until": previous_until,
        }
        return self._change(key_id, change, also)

    def _change(self, key_id: str, change: dict[str, Any], also: Also) -> bool:
        in_use = (api_keys.c.key_id == key_id) & api_keys.c.revoked_at.is_(None)
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.update(api_keys).where(in_use).values(change))
            if done.rowcount:
                also(transaction)
        return done.rowcount == 1


def _to_key(row: sa.Row[Any]) -> Key:
    values = dict(row._mapping)  # noqa: SLF001 - public, in spite of its name
    return Key(**values | {"permissions": frozenset(values["permissions"])})
