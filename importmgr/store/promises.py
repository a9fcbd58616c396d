"""Promises of definitions as stored: kept by good runs, found broken once, by whoever looks.

Lock order: the run, then the promise, then the receivers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.decisions import Decision, DecisionCode
from definitions.freshness import Freshness, Promise, broken_notice, restored_notice
from definitions.lifecycle import Cause, RunState
from importmgr.clock import Clock
from importmgr.store.decisions import add_decisions
from importmgr.store.notices import Origin, queue_notice, subject_of
from importmgr.store.tables import definitions, projects, run_repairs, runs
from importmgr.store.telling_tables import promises
from importmgr.store.transactions import Transaction, present, reading, writing

AT_ONCE = 100  # promises in one transaction


class PromiseStore:
    """Keeps promises.

    On PostgreSQL the database's clock says what is due: machines need not agree on the time.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock

    def begin(
        self, transaction: Transaction, definition_id: str, promise: Promise, *, active: bool
    ) -> None:
        """Promise something from now on; an inactive definition does so once it is active."""
        now = present(transaction, self._clock.now())
        values = {
            "every_seconds": int(promise.every.total_seconds()),
            "min_rows": promise.min_rows,
            "due_at": now + promise.every if active else None,
            "broken_since": None,
            "ping_url": promise.ping_url,
        }
        mine = promises.c.definition_id == definition_id
        if not transaction.execute(sa.update(promises).where(mine).values(values)).rowcount:
            new = {**values, "definition_id": definition_id}
            transaction.execute(sa.insert(promises).values(new))

    def end(self, transaction: Transaction, definition_id: str) -> None:
        """Promise nothing as long as the definition is inactive."""
        mine = promises.c.definition_id == definition_id
        change = sa.update(promises).where(mine).values(due_at=None, broken_since=None)
        transaction.execute(change)

    def of(self, definition_ids: Sequence[str]) -> Mapping[str, Freshness]:
        """Return how the promises of these definitions stand, of those that have one."""
        found = sa.select(promises).where(promises.c.definition_id.in_(definition_ids))
        with reading(self._engine) as transaction:
            rows = transaction.execute(found).all()
        return {row.definition_id: _to_freshness(row) for row in rows}

    def break_due(self) -> int:
        """Note which promises were broken, and let it be told; tell how many there were.

        Each is found by one of any number of callers, once until it is kept again.
        """
        count = 0
        with reading(self._engine) as transaction:
            due = _due(present(transaction, self._clock.now()))
            is_any = transaction.execute(due.limit(1)).one_or_none() is not None
        while is_any:
            with writing(self._engine) as transaction:
                found = _break(transaction, present(transaction, self._clock.now()))
            count += found
            is_any = found == AT_ONCE
        return count


def keep_promises(transaction: Transaction, run_ids: Sequence[str]) -> None:
    """Note of runs that have just ended which promises they keep; a broken one is whole again.

    A repair is of a few rows. The run that it mended counts instead, as if it had been good in the
    first place, unless that is too long ago by now, or a later one was good.
    """
    for row in transaction.execute(_kept_by(run_ids)).all():
        _keep(transaction, row, row.finished_at)
    mended = sa.select(run_repairs.c.of_run_id, runs.c.finished_at).where(
        runs.c.id == run_repairs.c.run_id, runs.c.id.in_(run_ids)
    )
    for of_run_id, now in transaction.execute(mended).all():
        for row in transaction.execute(_kept_by([of_run_id])).all():
            lasts_until = row.finished_at + timedelta(seconds=row.every_seconds)
            is_later = row.last_good_at is None or row.last_good_at < row.finished_at
            if is_later and lasts_until > now:
                _keep(transaction, row, row.finished_at)


def _kept_by(run_ids: Sequence[str]) -> sa.Select[Any]:
    """Return the query of the promises that runs keep, with when each has ended."""
    loaded = runs.c.rows_created + runs.c.rows_updated + runs.c.rows_unchanged
    return (
        _told()
        .add_columns(runs.c.finished_at)
        .join(runs, runs.c.definition_id == promises.c.definition_id)
        .where(
            runs.c.id.in_(run_ids),
            runs.c.state == RunState.COMPLETED,
            runs.c.cause.not_in([Cause.REPAIR, Cause.DRY_RUN]),  # of a few rows, or of none
            loaded >= promises.c.min_rows,
        )
        .order_by(runs.c.number)
        .with_for_update(of=promises)
    )


def _keep(transaction: Transaction, row: sa.Row[*tuple[Any, ...]], at: datetime) -> None:
    due = None if row.due_at is None else at + timedelta(seconds=row.every_seconds)
    mine = promises.c.definition_id == row.definition_id
    owed = None if row.ping_url is None else present(transaction, at)
    change: dict[str, Any] = {"last_good_at": at, "due_at": due, "broken_since": None}
    change |= {"ping_due_at": owed, "ping_tries": 0}
    transaction.execute(sa.update(promises).where(mine).values(change))
    if row.broken_since is None:
        return
    facts = {"since": row.broken_since.isoformat()}
    decision = Decision(code=DecisionCode.FRESHNESS_RESTORED, facts=facts)
    add_decisions(transaction, [(row.definition_id, decision)], at)
    subject = subject_of(row.project_token, row.document, row.definition_id)
    notice = restored_notice(subject, _to_freshness(row), at)
    origin = Origin(project_id=row.project_id, definition_id=row.definition_id)
    queue_notice(transaction, origin, notice)


def _break(transaction: Transaction, now: datetime) -> int:
    """Break some promises that are due and that nobody else looks at; return how many."""
    held = _due(now).limit(AT_ONCE).with_for_update(skip_locked=True, of=promises)
    rows = transaction.execute(held).all()
    for row in rows:
        mine = promises.c.definition_id == row.definition_id
        transaction.execute(sa.update(promises).where(mine).values(broken_since=now))
        last = None if row.last_good_at is None else row.last_good_at.isoformat()
        facts = {"every_seconds": row.every_seconds, "min_rows": row.min_rows, "last_good": last}
        decision = Decision(code=DecisionCode.FRESHNESS_BROKEN, facts=facts)
        add_decisions(transaction, [(row.definition_id, decision)], now)
        subject = subject_of(row.project_token, row.document, row.definition_id)
        notice = broken_notice(subject, _to_freshness(row, broken_since=now), now)
        origin = Origin(project_id=row.project_id, definition_id=row.definition_id)
        queue_notice(transaction, origin, notice)
    return len(rows)


def _told() -> sa.Select[Any]:
    """Return the query of promises with what is told of their definitions."""
    return (
        sa.select(
            promises,
            definitions.c.project_id,
            definitions.c.document,
            projects.c.token.label("project_token"),
        )
        .join(definitions, definitions.c.id == promises.c.definition_id)
        .join(projects, projects.c.id == definitions.c.project_id)
    )


def _due(now: datetime) -> sa.Select[Any]:
    """Return the query of promises that are broken and not known to be."""
    due = (promises.c.due_at <= now) & promises.c.broken_since.is_(None)
    return _told().where(due).order_by(promises.c.due_at)


def _to_freshness(row: sa.Row[*tuple[Any, ...]], broken_since: datetime | None = None) -> Freshness:
    return Freshness(
        promise=Promise(every=timedelta(seconds=row.every_seconds), min_rows=row.min_rows),
        due_at=row.due_at,
        broken_since=broken_since or row.broken_since,
        last_good_at=row.last_good_at,
    )
