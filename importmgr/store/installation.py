"""What the installation was begun with."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from importmgr.store.tables import installation
from importmgr.store.transactions import is_postgresql, writing

ONLY = 1


class InstallationStore:
    """Remembers which master key the stored secrets hang on."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def begun_with(self, key_id: bytes) -> bytes:
        """Return the id of the key that was first told here; `key_id` if this is the first."""
        with writing(self._engine) as transaction:
            insert = postgresql.insert if is_postgresql(transaction) else sqlite.insert
            first = insert(installation).values(id=ONLY, key_id=key_id).on_conflict_do_nothing()
            transaction.execute(first)
            found = transaction.execute(sa.select(installation.c.key_id))
            return bytes(found.scalar_one())
