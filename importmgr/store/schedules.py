"""When definitions fire, as stored; whoever decides about one holds its row until all is written.

`next_fire_at` and `decided_until` of the row are the only truth; nothing else remembers a schedule.
Of any number of processes that look at the same time each sees other rows. Lock order: the
definition, then its runs, then their ledger rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import WAITING, Cause, RunState, StopReason, states_before
from importmgr.clock import Clock
from importmgr.store.ending import end_runs
from importmgr.store.tables import definitions, is_held, is_waiting, runs
from importmgr.store.transactions import Transaction, present, reading, wait_briefly


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a definition fires next, as computed by the rule and the zone that `stamp` stands for.

    `next_fire_at` is None where it does not, `timezone` where it has no schedule.
    """

    next_fire_at: datetime | None
    decided_until: datetime
    timezone: str | None
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDefinition:
    """A definition of which instants are due, and what its runs are doing."""

    id: str
    project_id: int
    document: Mapping[str, Any]
    created_at: datetime
    next_fire_at: datetime | None
    decided_until: datetime | None
    ran: frozenset[datetime]
    unfinished: tuple[str, ...]
    waiting: int
    paused: str | None


class ScheduleStore:
    """Finds definitions that are due, and moves on when they fire next.

    On PostgreSQL the database's clock says what is due: machines need not agree on the time.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock

    def is_any_due(self) -> bool:
        """Tell whether a definition is due; this only reads."""
        with reading(self._engine) as transaction:
            due = definitions.c.next_fire_at <= self.now(transaction)
            first = sa.select(definitions.c.id).where(due).order_by(definitions.c.next_fire_at)
            # in that order the index is used even by a planner that knows nothing of the table yet
            return transaction.execute(first.limit(1)).one_or_none() is not None

    def overdue(self) -> timedelta:
        """Return how long the instant that is due longest has been due."""
        first = sa.select(sa.func.min(definitions.c.next_fire_at))
        with reading(self._engine) as transaction:
            now = self.now(transaction)
            due = transaction.execute(first).scalar_one()
            return timedelta(0) if due is None else max(now - due, timedelta(0))

    def now(self, transaction: Transaction) -> datetime:
        """Return the time that all who share the database agree on."""
        return present(transaction, self._clock.now())

    def due(self, transaction: Transaction, now: datetime, limit: int) -> list[DueDefinition]:
        """Return definitions that are due and that nobody else holds, and hold them."""
        return _held(transaction, definitions.c.next_fire_at <= now, limit)

    def due_one(
        self, transaction: Transaction, definition_id: str, now: datetime
    ) -> list[DueDefinition]:
        """Return one definition if it is still due, and hold it; wait for nobody for long."""
        wait_briefly(transaction)
        same = definitions.c.id == definition_id
        return _held(transaction, same & (definitions.c.next_fire_at <= now), 1)

    def set_timing(self, transaction: Transaction, timings: Mapping[str, Timing]) -> None:
        """Write down when definitions fire next."""
        if not timings:
            return
        change = sa.update(definitions).where(definitions.c.id == sa.bindparam("of"))
        rows = [
            {
                "of": definition_id,
                "next_fire_at": timing.next_fire_at,
                "decided_until": timing.decided_until,
                "timezone": timing.timezone,
                "schedule_stamp": timing.stamp,
            }
            for definition_id, timing in timings.items()
        ]
        transaction.execute(change, rows)

    def cancel(self, transaction: Transaction, run_ids: Iterable[str], now: datetime) -> None:
        """Cancel runs that another one takes the place of; a batch being committed counts."""
        before = sorted(states_before(RunState.CANCELLED))
        which = runs.c.id.in_(list(run_ids)) & runs.c.state.in_(before)
        change = {
            "state": RunState.CANCELLED,
            "stop_reason": StopReason.SUPERSEDED,
            "finished_at": now,
        }
        end_runs(transaction, which, change)

    def stamps(self) -> list[tuple[str | None, str | None]]:
        """Return every pair of time zone and stamp that active definitions have."""
        pair = (definitions.c.timezone, definitions.c.schedule_stamp)
        with reading(self._engine) as transaction:
            rows = transaction.execute(sa.select(*pair).where(_is_active()).distinct()).all()
        return [(row.timezone, row.schedule_stamp) for row in rows]

    def stamped(
        self, timezone: str | None, stamp: str | None, *, among: Sequence[str] | None = None
    ) -> list[str]:
        """Return the ids of the active definitions, or of some of them, that have this pair."""
        zone = definitions.c.timezone.is_not_distinct_from(timezone)
        same = definitions.c.schedule_stamp.is_not_distinct_from(stamp)
        which = sa.select(definitions.c.id).where(_is_active(), zone, same)
        if among is not None:
            which = which.where(definitions.c.id.in_(among))
        with reading(self._engine) as transaction:
            return list(transaction.execute(which).scalars())

    def held(self, transaction: Transaction, ids: Sequence[str]) -> list[DueDefinition]:
        """Return those of the definitions that are active and nobody else's, and hold them."""
        return _held(transaction, _is_active() & definitions.c.id.in_(ids), len(ids))


def _is_active() -> sa.ColumnElement[bool]:
    return definitions.c.active & definitions.c.deleted_at.is_(None)


def _held(
    transaction: Transaction, which: sa.ColumnElement[bool], limit: int
) -> list[DueDefinition]:
    """Hold definitions that nobody else holds, those that are due longest first."""
    found = (
        sa.select(definitions)
        .where(which)
        .order_by(definitions.c.next_fire_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = transaction.execute(found).all()
    return list(_with_runs(transaction, rows)) if rows else []


def _with_runs(transaction: Transaction, rows: Sequence[sa.Row[Any]]) -> Iterator[DueDefinition]:
    """Add to definitions what their runs are doing."""
    unfinished = _unfinished(transaction, [row.id for row in rows])
    ran = _ran(transaction, rows)
    for row in rows:
        mine = unfinished.get(row.id, [])
        yield DueDefinition(
            id=row.id,
            project_id=row.project_id,
            document=row.document,
            created_at=row.created_at,
            next_fire_at=row.next_fire_at,
            decided_until=row.decided_until,
            ran=frozenset(ran.get(row.id, ())),
            unfinished=tuple(run_id for run_id, _ in mine),
            waiting=sum(state in WAITING for _, state in mine),
            paused=next((run_id for run_id, state in mine if state == RunState.PAUSED), None),
        )


def _unfinished(transaction: Transaction, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return id and state of the runs that have not ended, by definition, the oldest first.

    Repairs are left out: somebody waits for them, and no schedule decides about them.
    """
    columns = (runs.c.number, runs.c.id, runs.c.definition_id, runs.c.state)
    mine = runs.c.definition_id.in_(ids) & (runs.c.cause != Cause.REPAIR)
    halves = [sa.select(*columns).where(mine, state) for state in (is_held(), is_waiting())]
    both = sa.union_all(*halves).subquery()  # each half has an index of its own
    found: dict[str, list[tuple[str, str]]] = {}
    for row in transaction.execute(sa.select(both).order_by(both.c.number)):
        found.setdefault(row.definition_id, []).append((row.id, row.state))
    return found


def _ran(transaction: Transaction, rows: Sequence[sa.Row[Any]]) -> dict[str, list[datetime]]:
    """Return the instants, of those not decided yet, that have a run all the same.

    There are some after a backup of definitions alone was put back, or a zone was moved.
    """
    since = min((row.next_fire_at for row in rows if row.next_fire_at), default=None)
    if since is None:
        return {}
    columns = (runs.c.definition_id, runs.c.scheduled_for)
    later = runs.c.definition_id.in_([row.id for row in rows]) & (runs.c.scheduled_for >= since)
    found: dict[str, list[datetime]] = {}
    for row in transaction.execute(sa.select(*columns).where(later)):
        found.setdefault(row.definition_id, []).append(row.scheduled_for)
    return found
