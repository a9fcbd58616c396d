"""Integrations as stored: settings in the clear, the secret ones apart from them, encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.errors import ConflictError
from importmgr.store.tables import definitions, integrations
from importmgr.store.transactions import (
    Also,
    Transaction,
    is_storable,
    nothing,
    reading,
    writing,
)

MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIntegration:
    """A connection to a file storage of one project."""

    id: str
    project_id: int
    name: str
    kind: str
    settings: Mapping[str, Any]
    secret: bytes | None = field(repr=False)
    created_at: datetime


class IntegrationStore:
    """Keeps integrations."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(self, integration: StoredIntegration, *, also: Also = nothing) -> None:
        """Store a new integration and do `also`, in one transaction."""
        values = {name: getattr(integration, name) for name in StoredIntegration.__slots__}
        values["settings"] = dict(integration.settings)
        with writing(self._engine) as transaction:
            transaction.execute(sa.insert(integrations).values(values))
            also(transaction)

    def get(self, project_id: int, integration_id: str) -> StoredIntegration | None:
        """Return one integration of the project."""
        if not is_storable(integration_id):
            return None
        with reading(self._engine) as transaction:
            found = sa.select(integrations).where(_one(project_id, integration_id))
            row = transaction.execute(found).one_or_none()
        return None if row is None else _to_integration(row)

    def list(self, project_id: int, limit: int, offset: int) -> tuple[list[StoredIntegration], int]:
        """Return one page in the order of creation, and how many there are in all."""
        mine = integrations.c.project_id == project_id
        count = sa.select(sa.func.count()).select_from(integrations).where(mine)
        page = (
            sa.select(integrations)
            .where(mine)
            .order_by(integrations.c.created_at, integrations.c.id)
            .limit(limit)
            .offset(offset)
        )
        with reading(self._engine) as transaction:
            total = transaction.execute(count).scalar_one()
            return [_to_integration(row) for row in transaction.execute(page)], total

    def delete(self, project_id: int, integration_id: str, *, also: Also = nothing) -> bool:
        """Forget an integration with its secrets and do `also`; tell whether it was there.

        Raise `ConflictError` while definitions name it.
        """
        if not is_storable(integration_id):
            return False
        with writing(self._engine) as transaction:
            _refuse_in_use(transaction, project_id, integration_id)
            forget = sa.delete(integrations).where(_one(project_id, integration_id))
            was_there = transaction.execute(forget).rowcount == 1
            if was_there:
                also(transaction)
            return was_there

    def change_settings(
        self,
        project_id: int,
        integration_id: str,
        settings: Mapping[str, Any],
        *,
        also: Also = nothing,
    ) -> None:
        """Replace what is not secret and do `also`, if the integration is still there."""
        change = sa.update(integrations).where(_one(project_id, integration_id))
        with writing(self._engine) as transaction:
            if transaction.execute(change.values(settings=dict(settings))).rowcount:
                also(transaction)

    def secrets(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the encrypted secrets of every integration that has any."""
        held = sa.select(integrations.c.id, integrations.c.secret)
        with reading(self._engine) as transaction:
            rows = transaction.execute(held.where(integrations.c.secret.is_not(None))).all()
        yield from ((row.id, row.secret) for row in rows)

    def replace_secret(self, integration_id: str, old: bytes, new: bytes) -> bool:
        """Replace encrypted secrets; tell whether they were still the old ones."""
        same = (integrations.c.id == integration_id) & (integrations.c.secret == old)
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.update(integrations).where(same).values(secret=new))
        return done.rowcount == 1


def _one(project_id: int, integration_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(integrations.c.id == integration_id, integrations.c.project_id == project_id)


def _refuse_in_use(transaction: Transaction, project_id: int, integration_id: str) -> None:
    """Raise `ConflictError` if a definition of the project takes files from the integration."""
    alive = sa.select(definitions.c.id, definitions.c.document).where(
        definitions.c.project_id == project_id, definitions.c.deleted_at.is_(None)
    )
    users = [
        row.id
        for row in transaction.execute(alive)
        if row.document["source"].get("integration_id") == integration_id
    ]
    if users:
        named = ", ".join(users[:MOST_NAMED]) + ("…" if len(users) > MOST_NAMED else "")
        msg = f"integration {integration_id!r} is used by definitions: delete {named} first"
        raise ConflictError(msg)


def _to_integration(row: sa.Row[Any]) -> StoredIntegration:
    return StoredIntegration(**row._mapping)  # noqa: SLF001 - public, in spite of its name
