"""The audit log as stored: who changed what, written in the transaction that changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.audit import Change, Facts
from importmgr.acting import actor
from importmgr.clock import Clock
from importmgr.store.tables import audit, projects
from importmgr.store.transactions import (
    Also,
    Transaction,
    is_storable,
    present,
    reading,
    writing,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A change as it was written down; its action may be one of a newer release."""

    at: datetime
    project_token: str | None
    actor: str
    action: str
    what: str
    before: Facts
    after: Facts
    request_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which changes are asked for; None stands for all."""

    project_id: int | None = None
    actor: str | None = None
    action: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditStore:
    """Keeps changes in the order they were made; who made them is `importmgr.acting`'s to say."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock

    def record(self, transaction: Transaction, change: Change) -> None:
        """Write down a change with what changes."""
        who = actor()
        row = {
            "at": present(transaction, self._clock.now()),
            "project_id": change.project_id,
            "actor": who.name,
            "action": str(change.action),
            "object": change.what,
            "before": dict(change.before),
            "after": dict(change.after),
            "request_id": who.request_id,
        }
        transaction.execute(sa.insert(audit).values(row))

    def recording(self, change: Change) -> Also:
        """Return what writes down a change in the transaction that it is given."""
        return lambda transaction: self.record(transaction, change)

    def tell(self, change: Change) -> None:
        """Write down a change that was made outside of the database."""
        with writing(self._engine) as transaction:
            self.record(transaction, change)

    def list(self, wanted: AuditFilter, limit: int, offset: int) -> tuple[list[AuditEntry], int]:
        """Return one page of the changes, the newest first, and how many there are."""
        texts = (wanted.actor, wanted.action, wanted.what)
        if not all(text is None or is_storable(text) for text in texts):
            return [], 0
        which = sa.and_(sa.true(), *_conditions(wanted))
        count = sa.select(sa.func.count()).select_from(audit).where(which)
        page = (
            sa.select(audit, projects.c.token)
            .select_from(audit.outerjoin(projects, projects.c.id == audit.c.project_id))
            .where(which)
            .order_by(audit.c.id.desc())
        )
        with reading(self._engine) as transaction:
            total = transaction.execute(count).scalar_one()
            rows = transaction.execute(page.limit(limit).offset(offset)).all()
        return [_to_entry(row) for row in rows], total


def _conditions(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    """Return a condition for each part of the filter that is there."""
    of = audit.c
    equal = (
        (of.project_id, wanted.project_id),
        (of.actor, wanted.actor),
        (of.action, wanted.action),
        (of.object, wanted.what),
    )
    found = [column == value for column, value in equal if value is not None]
    if wanted.since is not None:
        found.append(of.at >= wanted.since)
    if wanted.until is not None:
        found.append(of.at < wanted.until)
    return found


def _to_entry(row: sa.Row[Any]) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        project_token=row.token,
        actor=row.actor,
        action=row.action,
        what=row.object,
        before=row.before,
        after=row.after,
        request_id=row.request_id,
    )
