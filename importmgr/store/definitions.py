"""Import definitions as stored: a document, and the password apart from it, encrypted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.errors import InvalidError
from importmgr.store.ending import cancel_runs
from importmgr.store.tables import definitions, projects, watches
from importmgr.store.telling_tables import promises
from importmgr.store.transactions import (
    Also,
    Transaction,
    is_storable,
    nothing,
    reading,
    writing,
)

__all__ = ["DefinitionStore", "StoredDefinition", "Transaction", "to_definition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefinition:
    """One definition; `document` has "" where `secret` holds the encrypted password."""

    id: str
    project_id: int
    origin: str
    document: Mapping[str, Any]
    secret: bytes | None = field(repr=False)
    active: bool
    created_at: datetime


AlsoWithDefinition: TypeAlias = Callable[[Transaction, StoredDefinition], None]


class DefinitionStore:
    """Keeps import definitions; a deleted one is not found any more by anything here."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(self, definition: StoredDefinition, *, max_active: int, also: Also = nothing) -> None:
        """Store a definition and do `also`, in one transaction.

        Raise `InvalidError` if the definition is active and its project has `max_active` of that
        origin already; of any number of simultaneous calls no more than that many pass.
        """
        with writing(self._engine) as transaction:
            if definition.active:
                _check_room(transaction, definition, max_active)
            values = {name: getattr(definition, name) for name in StoredDefinition.__slots__}
            values["document"] = dict(definition.document)
            transaction.execute(sa.insert(definitions).values(values))
            also(transaction)

    def get(self, project_id: int, definition_id: str, origin: str) -> StoredDefinition | None:
        """Return one definition of the project, made through that origin."""
        if not is_storable(definition_id):
            return None
        visible = (definitions.c.id == definition_id) & _visible(project_id, origin)
        with reading(self._engine) as transaction:
            row = transaction.execute(sa.select(definitions).where(visible)).one_or_none()
        return None if row is None else to_definition(row)

    def list(
        self, project_id: int, origin: str, limit: int, offset: int
    ) -> tuple[list[StoredDefinition], int]:
        """Return one page in the order of creation, and how many there are in all."""
        visible = _visible(project_id, origin)
        count = sa.select(sa.func.count()).select_from(definitions).where(visible)
        page = (
            sa.select(definitions)
            .where(visible)
            .order_by(definitions.c.created_at, definitions.c.id)
            .limit(limit)
            .offset(offset)
        )
        with reading(self._engine) as transaction:
            total = transaction.execute(count).scalar_one()
            return [to_definition(row) for row in transaction.execute(page)], total

    def delete(
        self,
        project_id: int,
        definition_id: str,
        origin: str,
        now: datetime,
        *,
        also: Also = nothing,
    ) -> bool:
        """Forget a definition and its password, and cancel its runs; tell whether it was there.

        If it was, `also` is done in the same transaction. An executor that holds such a run
        commits nothing more once this returns.
        """
        if not is_storable(definition_id):
            return False
        forget = (
            sa.update(definitions)
            .where(definitions.c.id == definition_id, _visible(project_id, origin))
            .values(deleted_at=now, active=False, secret=None, next_fire_at=None)
        )
        with writing(self._engine) as transaction:
            if transaction.execute(forget).rowcount == 0:
                return False
            transaction.execute(sa.delete(watches).where(watches.c.definition_id == definition_id))
            mine = promises.c.definition_id == definition_id
            transaction.execute(sa.delete(promises).where(mine))
            cancel_runs(transaction, definition_id, now)
            also(transaction)
            return True

    def activate(
        self, definition: StoredDefinition, *, max_active: int, also: AlsoWithDefinition
    ) -> None:
        """Make a definition active and do `also`, in one transaction, unless it is active.

        Raise `InvalidError` as `add` does.
        """
        with writing(self._engine) as transaction:
            _check_room(transaction, definition, max_active)
            _switch(transaction, definition, also, active=True)

    def deactivate(self, definition: StoredDefinition, *, also: AlsoWithDefinition) -> None:
        """Make a definition inactive and do `also`, in one transaction, unless it is inactive."""
        with writing(self._engine) as transaction:
            _switch(transaction, definition, also, active=False)

    def secrets(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the encrypted password of every definition that has one."""
        held = sa.select(definitions.c.id, definitions.c.secret).where(
            definitions.c.secret.is_not(None)
        )
        with reading(self._engine) as transaction:
            rows = transaction.execute(held).all()
        yield from ((row.id, row.secret) for row in rows)

    def replace_secret(self, definition_id: str, old: bytes, new: bytes) -> bool:
        """Replace an encrypted password; tell whether it was still the old one."""
        same = (definitions.c.id == definition_id) & (definitions.c.secret == old)
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.update(definitions).where(same).values(secret=new))
        return done.rowcount == 1


def to_definition(row: sa.Row[Any]) -> StoredDefinition:
    """Return the definition of a row."""
    return StoredDefinition(
        id=row.id,
        project_id=row.project_id,
        origin=row.origin,
        document=row.document,
        secret=row.secret,
        active=row.active,
        created_at=row.created_at,
    )


def _switch(
    transaction: Transaction,
    definition: StoredDefinition,
    also: AlsoWithDefinition,
    *,
    active: bool,
) -> None:
    """Change whether a definition is active, in its row and in its document alike."""
    document = {**definition.document, "active": active}
    changed = (
        sa.update(definitions)
        .where(
            definitions.c.id == definition.id,
            definitions.c.active != active,
            definitions.c.deleted_at.is_(None),
        )
        .values(active=active, document=document)
    )
    if transaction.execute(changed).rowcount:
        also(transaction, definition)


def _visible(project_id: int, origin: str) -> sa.ColumnElement[bool]:
    """Return the condition for what is there, in that project, for that origin."""
    return sa.and_(
        definitions.c.project_id == project_id,
        definitions.c.origin == origin,
        definitions.c.deleted_at.is_(None),
    )


def _check_room(transaction: Transaction, definition: StoredDefinition, most: int) -> None:
    """Raise `InvalidError` if one more active definition is too many; others wait to ask."""
    owner = sa.select(projects.c.id).where(projects.c.id == definition.project_id)
    transaction.execute(owner.with_for_update(key_share=True)).one()
    visible = _visible(definition.project_id, definition.origin)
    counted = sa.select(sa.func.count()).select_from(definitions).where(visible)
    if transaction.execute(counted.where(definitions.c.active)).scalar_one() >= most:
        text = (
            f"the project has {most} active definitions, which is as many as it may have: "
            "delete one, or send active false"
        )
        raise InvalidError({"active": [text]})
