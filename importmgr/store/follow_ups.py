"""What is still owed to files of runs: to be moved, renamed or deleted once their run has ended.

A run writes it down with its files, so nothing is forgotten however it ends. Whoever does it claims
some files for a while, under a token; nothing is held while a storage is asked. A name that a file
is about to get belongs to it until that is done: no two files get the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.decisions import Decision
from definitions.errors import LostLeaseError
from definitions.file_ledger import FILE_DONE, FileState
from definitions.lifecycle import RunState
from importmgr.clock import Clock
from importmgr.store.claims import warn
from importmgr.store.decisions import DecisionStore
from importmgr.store.definitions import StoredDefinition, to_definition
from importmgr.store.tables import definitions, file_ledger, follow_ups, runs
from importmgr.store.transactions import Transaction, present, reading, writing
from sources.base import RemoteFile

AT_ONCE = 100  # files in one claim


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFile:
    """A file of an ended run to which something may be owed, and how it went so far.

    It is `done` if nothing was left to load of it, else the run had `reached` it or not. `target`
    is the name that it is about to get, or has got already.
    """

    definition: StoredDefinition
    run_id: str
    run_state: RunState
    asked_for: datetime
    number: int
    file: RemoteFile
    done: bool
    reached: bool
    token: int
    failures: int
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What there is to say of a file: where its definition is looked at, and its run."""

    decision: Decision
    warning: str | None = None


class FollowUpStore:
    """Keeps what is owed; on PostgreSQL the database's clock says what is due."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock
        self._decisions = DecisionStore(engine)

    def claim(self, lease: timedelta, run_id: str | None) -> tuple[OwedFile, ...]:
        """Take files of one definition that something is owed to, of one run if one is named.

        They are nobody else's for the time of `lease`. Looking in vain only reads.
        """
        with reading(self._engine) as transaction:
            now = self._now(transaction)
            mine = transaction.execute(_first_due(now, run_id)).scalar_one_or_none()
        if mine is None:
            return ()
        with writing(self._engine) as transaction:
            now = self._now(transaction)
            due = _owed(_is_due(now, run_id) & (follow_ups.c.definition_id == mine))
            rows = transaction.execute(
                due.limit(AT_ONCE).with_for_update(skip_locked=True, of=follow_ups)
            ).all()
            change = {"due_at": now + lease, "token": follow_ups.c.token + 1}
            for row in rows:
                transaction.execute(sa.update(follow_ups).where(_is(row)).values(change))
        return tuple(_to_owed(row, row.token + 1) for row in rows)

    def open(self, definition_id: str) -> tuple[OwedFile, ...]:
        """Return the files of a definition that something may be owed to."""
        mine = _owed((follow_ups.c.definition_id == definition_id) & _HAS_ENDED)
        with reading(self._engine) as transaction:
            rows = transaction.execute(mine).all()
        return tuple(_to_owed(row, row.token) for row in rows)

    def reserve(self, owed: OwedFile, integration_id: str, target: str) -> bool:
        """Note which name a file gets; tell whether no other file is about to get it.

        Raise `LostLeaseError` if the file is not ours any more.
        """
        key = sha256(f"{integration_id}\n{target}".encode()).hexdigest()
        change = {"target": target, "target_key": key}
        with writing(self._engine) as transaction:
            try:
                with transaction.begin_nested():
                    self._change(transaction, owed, change)
            except sa.exc.IntegrityError:
                return False
        return True

    def settle(self, owed: OwedFile, told: Told | None) -> None:
        """Note that nothing is owed any more, and say what became of the file."""
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.delete(follow_ups).where(_ours(owed)))
            if done.rowcount:
                self._tell(transaction, owed, told)

    def postpone(self, owed: OwedFile, pause: timedelta, told: Told | None) -> None:
        """Note that it was in vain, and let it be tried again; raise `LostLeaseError` likewise."""
        with writing(self._engine) as transaction:
            due_at = self._now(transaction) + pause
            self._change(transaction, owed, {"due_at": due_at, "failures": owed.failures + 1})
            self._tell(transaction, owed, told)

    def _now(self, transaction: Transaction) -> datetime:
        return present(transaction, self._clock.now())

    def _change(self, transaction: Transaction, owed: OwedFile, change: dict[str, Any]) -> None:
        done = transaction.execute(sa.update(follow_ups).where(_ours(owed)).values(change))
        if done.rowcount == 0:
            msg = f"file {owed.number} of run {owed.run_id!r} was taken over by another process"
            raise LostLeaseError(msg)

    def _tell(self, transaction: Transaction, owed: OwedFile, told: Told | None) -> None:
        if told is None:
            return
        made = [(owed.definition.id, told.decision)]
        self._decisions.add(transaction, made, self._now(transaction))
        if told.warning is not None:
            warn(transaction, owed.run_id, (told.warning,))


def owe(transaction: Transaction, run_id: str, definition_id: str, count: int) -> None:
    """Note that something may be owed to the files of a run, whose numbers begin at 0."""
    due = sa.select(runs.c.created_at).where(runs.c.id == run_id).scalar_subquery()
    row = {"run_id": run_id, "definition_id": definition_id, "token": 0, "failures": 0}
    rows = [{**row, "number": number} for number in range(count)]
    transaction.execute(sa.insert(follow_ups).values(due_at=due), rows)


_HAS_ENDED = runs.c.finished_at.is_not(None)


def _is_due(now: datetime, run_id: str | None) -> sa.ColumnElement[bool]:
    due: sa.ColumnElement[bool] = (follow_ups.c.due_at <= now) & _HAS_ENDED
    return due if run_id is None else due & (follow_ups.c.run_id == run_id)


def _first_due(now: datetime, run_id: str | None) -> sa.Select[Any]:
    """Return the query of the definition whose files wait longest."""
    both = follow_ups.join(runs, runs.c.id == follow_ups.c.run_id)
    found = sa.select(follow_ups.c.definition_id).select_from(both).where(_is_due(now, run_id))
    return found.order_by(follow_ups.c.due_at).limit(1)


def _owed(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query of files with all that decides about them, in the order of their runs."""
    others = file_ledger.alias("others")
    reached = (
        sa.select(sa.func.min(others.c.number))
        .where(others.c.run_id == follow_ups.c.run_id, others.c.state == FileState.PLANNED)
        .scalar_subquery()
    )
    together = (
        follow_ups.join(runs, runs.c.id == follow_ups.c.run_id)
        .join(
            file_ledger,
            (file_ledger.c.run_id == follow_ups.c.run_id)
            & (file_ledger.c.number == follow_ups.c.number),
        )
        .join(definitions, definitions.c.id == follow_ups.c.definition_id)
    )
    names = ("path", "size", "modified_at", "etag", "state")
    return (
        sa.select(
            follow_ups,
            *(file_ledger.c[name].label(f"file_{name}") for name in names),
            runs.c.state.label("run_state"),
            sa.func.coalesce(runs.c.scheduled_for, runs.c.created_at).label("asked_for"),
            (follow_ups.c.number == reached).label("reached"),
            definitions,
        )
        .select_from(together)
        .where(which)
        .order_by(runs.c.number, follow_ups.c.number)
    )


def _is(row: sa.Row[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(follow_ups.c.run_id == row.run_id, follow_ups.c.number == row.number)


def _ours(owed: OwedFile) -> sa.ColumnElement[bool]:
    same = (follow_ups.c.run_id == owed.run_id) & (follow_ups.c.number == owed.number)
    return same & (follow_ups.c.token == owed.token)


def _to_owed(row: sa.Row[Any], token: int) -> OwedFile:
    file = RemoteFile(
        path=row.file_path,
        size=row.file_size,
        modified_at=row.file_modified_at,
        etag=row.file_etag,
    )
    return OwedFile(
        definition=to_definition(row),
        run_id=row.run_id,
        run_state=RunState(row.run_state),
        asked_for=row.asked_for,
        number=row.number,
        file=file,
        done=row.file_state in FILE_DONE,
        reached=bool(row.reached),
        token=token,
        failures=row.failures,
        target=row.target,
    )
