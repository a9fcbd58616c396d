"""Receivers as stored: who is told about the imports of a project, what signs it is encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.delivery import Record
from definitions.errors import LimitError
from importmgr.store.tables import deliveries, projects, receivers
from importmgr.store.transactions import (
    Also,
    Transaction,
    is_storable,
    nothing,
    reading,
    writing,
)

MOST = 50  # of one kind that a project may have


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReceiver:
    """Somebody who is told; `disabled` says why the service itself made it inactive."""

    id: str
    project_id: int
    kind: str
    document: Mapping[str, Any]
    secret: bytes | None = field(repr=False)
    previous_secret: bytes | None = field(default=None, repr=False)
    previous_until: datetime | None = None
    older_secrets: bytes | None = field(default=None, repr=False)
    created_at: datetime
    disabled: str | None = None
    record: Record = field(default_factory=Record)

    @property
    def active(self) -> bool:
        """Tell whether anything is sent to it."""
        return bool(self.document["active"])


class ReceiverStore:
    """Keeps receivers."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(self, receiver: StoredReceiver, *, also: Also = nothing) -> None:
        """Store a new receiver and do `also`; raise `LimitError` if there are as many as may be."""
        values = {
            "id": receiver.id,
            "project_id": receiver.project_id,
            "kind": receiver.kind,
            "document": dict(receiver.document),
            "active": receiver.active,
            "secret": receiver.secret,
            "created_at": receiver.created_at,
            "free_at": receiver.created_at,
            "token": 0,
            "failures": 0,
        }
        with writing(self._engine) as transaction:
            _check_room(transaction, receiver)
            transaction.execute(sa.insert(receivers).values(values))
            also(transaction)

    def get(self, project_id: int, kind: str, receiver_id: str) -> StoredReceiver | None:
        """Return one receiver of the project."""
        if not is_storable(receiver_id):
            return None
        with reading(self._engine) as transaction:
            found = sa.select(receivers).where(_one(project_id, kind, receiver_id))
            row = transaction.execute(found).one_or_none()
        return None if row is None else to_receiver(row)

    def list(
        self, project_id: int, kind: str, limit: int, offset: int
    ) -> tuple[list[StoredReceiver], int]:
        """Return one page in the order of creation, and how many there are in all."""
        mine = (receivers.c.project_id == project_id) & (receivers.c.kind == kind)
        count = sa.select(sa.func.count()).select_from(receivers).where(mine)
        page = sa.select(receivers).where(mine).order_by(receivers.c.created_at, receivers.c.id)
        with reading(self._engine) as transaction:
            total = transaction.execute(count).scalar_one()
            rows = transaction.execute(page.limit(limit).offset(offset)).all()
        return [to_receiver(row) for row in rows], total

    def change(
        self,
        receiver: StoredReceiver,
        document: Mapping[str, Any],
        *,
        hidden: bytes | None = None,
        also: Also = nothing,
    ) -> bool:
        """Replace the document, forget what went wrong before, do `also`; tell if it was there.

        `hidden` replaces the secret of one whose secret is what its document does not show.
        """
        change: dict[str, object] = {
            "document": dict(document),
            "active": document["active"],
            "disabled": None,
            "failures": 0,
            "failing_since": None,
        }
        if hidden is not None:
            change["secret"] = hidden
        return self._update(receiver, change, also)

    def change_secret(
        self,
        receiver: StoredReceiver,
        secret: bytes,
        until: datetime,
        *,
        older: bytes | None = None,
        also: Also = nothing,
    ) -> bool:
        """Sign with another secret, and until then with the present one too; do `also`.

        `older` are those before it. Tell whether the secret was still that of `receiver`.
        """
        change = {
            "secret": secret,
            "previous_secret": receivers.c.secret,
            "previous_until": until,
            "older_secrets": older,
        }
        return self._update(receiver, change, also, receivers.c.secret == receiver.secret)

    def delete(self, receiver: StoredReceiver, *, also: Also = nothing) -> bool:
        """Forget a receiver with all its deliveries, do `also`; tell whether it was there."""
        one = _one(receiver.project_id, receiver.kind, receiver.id)
        with writing(self._engine) as transaction:
            held = sa.select(receivers.c.id).where(one).with_for_update()
            if transaction.execute(held).one_or_none() is None:
                return False
            mine = deliveries.c.receiver_id == receiver.id
            transaction.execute(sa.delete(deliveries).where(mine))
            transaction.execute(sa.delete(receivers).where(one))
            also(transaction)
        return True

    def secrets(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield id, column and content of every encrypted secret."""
        with reading(self._engine) as transaction:
            rows = transaction.execute(sa.select(receivers).order_by(receivers.c.id)).all()
        for row in rows:
            for column in ("secret", "previous_secret", "older_secrets"):
                if (blob := getattr(row, column)) is not None:
                    yield row.id, column, blob

    def replace_secret(self, receiver_id: str, column: str, old: bytes, new: bytes) -> bool:
        """Replace an encrypted secret; tell whether it was still the old one."""
        same = (receivers.c.id == receiver_id) & (receivers.c[column] == old)
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.update(receivers).where(same).values({column: new}))
        return done.rowcount == 1

    def _update(
        self,
        receiver: StoredReceiver,
        change: Mapping[str, object],
        also: Also,
        still: sa.ColumnElement[bool] | None = None,
    ) -> bool:
        one = _one(receiver.project_id, receiver.kind, receiver.id)
        wanted = one if still is None else one & still
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.update(receivers).where(wanted).values(dict(change)))
            if done.rowcount:
                also(transaction)
        return done.rowcount == 1


def to_receiver(row: sa.Row[Any]) -> StoredReceiver:
    """Return the receiver of a row."""
    return StoredReceiver(
        id=row.id,
        project_id=row.project_id,
        kind=row.kind,
        document={**row.document, "active": row.active},
        secret=row.secret,
        previous_secret=row.previous_secret,
        previous_until=row.previous_until,
        older_secrets=row.older_secrets,
        created_at=row.created_at,
        disabled=row.disabled,
        record=Record(failures=row.failures, failing_since=row.failing_since),
    )


def _one(project_id: int, kind: str, receiver_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        receivers.c.id == receiver_id,
        receivers.c.project_id == project_id,
        receivers.c.kind == kind,
    )


def _check_room(transaction: Transaction, receiver: StoredReceiver) -> None:
    """Raise `LimitError` if one more is too many; others wait to ask."""
    owner = sa.select(projects.c.id).where(projects.c.id == receiver.project_id)
    transaction.execute(owner.with_for_update(key_share=True)).one()
    mine = (receivers.c.project_id == receiver.project_id) & (receivers.c.kind == receiver.kind)
    counted = sa.select(sa.func.count()).select_from(receivers).where(mine)
    if transaction.execute(counted).scalar_one() >= MOST:
        msg = (
            f"the project has {MOST} {receiver.kind} receivers, as many as it may have: delete one"
        )
        raise LimitError(msg)
