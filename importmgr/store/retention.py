"""What is forgotten once it is old or there is too much of it: runs, definitions, lines of audit.

Any number of processes may do so at the same time. A run goes with all that is only about it.
However old, these stay: a run that has not ended, owes something to a file or is being repaired,
the newest runs of each definition and the last good one, and what keeps an instant from firing
twice. What was loaded stays, and so does the memory of which files were, as long as the definition
is there that knows them by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import RunState
from destinations.tables import run_faults, run_ledger, run_reject_files, run_rejects
from importmgr.store.file_tables import file_ledger, follow_ups
from importmgr.store.tables import (
    attempts,
    audit,
    decisions,
    definitions,
    dry_runs,
    run_repairs,
    runs,
    watched_files,
)
from importmgr.store.transactions import Transaction, reading, writing

# Every table with the id of a run stands in one of these.
OF_RUNS = (
    *(attempts, run_faults, run_rejects, run_reject_files),
    *(run_repairs, dry_runs, run_ledger),
)
STAYING = frozenset({"events", "file_ledger", "follow_ups", "watched_files"})

# What is about a definition beside its runs, and is not gone when it is deleted.
OF_DEFINITIONS = (file_ledger, watched_files, decisions)

LONG_AGO = datetime.min.replace(tzinfo=UTC)
NEWEST = 10  # runs of a definition that stay whatever their age: it is known by them
RUNS_FOUND = 10_000  # by one look
RUNS_AT_ONCE = 10  # in one transaction: each may have thousands of faults and rejected rows
DEFINITIONS_AT_ONCE = 200
ROWS_AT_ONCE = 1_000
LINES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """Which runs are too old, and how many of a definition are too many."""

    before: datetime
    most: int


class RetentionStore:
    """Forgets, piece by piece, so that nobody waits long for the end of it."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def forget_runs(self, limits: RunLimits, go_on: Callable[[], bool] = lambda: True) -> int:
        """Forget some runs with their faults and rejected rows, as long as `go_on` says so.

        Return how many that were.
        """
        with reading(self._engine) as transaction:
            numbers = (
                _first_old(transaction, limits.before)
                or transaction.execute(_too_many(limits.most)).scalars().all()
            )
        pieces = (numbers[at : at + RUNS_AT_ONCE] for at in range(0, len(numbers), RUNS_AT_ONCE))
        return sum(self._forget_some(piece) for piece in takewhile(lambda _: go_on(), pieces))

    def forget_definitions(self, before: datetime) -> int:
        """Forget some of what is left of definitions that were deleted before then; tell how much.

        The memory of their files goes first. One that has runs still waits for their end.
        """
        owes = sa.exists().where(follow_ups.c.definition_id == definitions.c.id)
        has_runs = sa.exists().where(runs.c.definition_id == definitions.c.id)
        deleted = (
            sa.select(definitions.c.id)
            .where(definitions.c.deleted_at < before, ~has_runs, ~owes)
            .order_by(definitions.c.deleted_at)
            .limit(DEFINITIONS_AT_ONCE)
        )
        with reading(self._engine) as transaction:
            found = transaction.execute(deleted).scalars().all()
        return sum(self._forget_definition(each) for each in found)

    def forget_audit(self, before: datetime, most: int) -> int:
        """Forget some lines of the audit log: the older ones, and the oldest of too many."""
        newest = sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0) - most).scalar_subquery()
        found = sa.select(audit.c.id).limit(LINES_AT_ONCE)
        old = found.where(audit.c.at < before).order_by(audit.c.at)
        many = found.where(audit.c.id <= newest).order_by(audit.c.id)
        return self._forget_lines(old) or self._forget_lines(many)

    def _forget_lines(self, surplus: sa.Select[Any]) -> int:
        """Forget these lines of the audit log; looking in vain only reads."""
        with reading(self._engine) as transaction:
            if transaction.execute(surplus.limit(1)).one_or_none() is None:
                return 0
        with writing(self._engine) as transaction:
            return transaction.execute(sa.delete(audit).where(audit.c.id.in_(surplus))).rowcount

    def _forget_definition(self, definition_id: str) -> int:
        """Forget some of what is about a definition or, if there is nothing, itself."""
        with writing(self._engine) as transaction:
            for table in OF_DEFINITIONS:
                key = sa.tuple_(*table.primary_key)
                mine = table.c.definition_id == definition_id
                some = sa.select(*table.primary_key).where(mine).limit(ROWS_AT_ONCE)
                done = transaction.execute(sa.delete(table).where(key.in_(some)))
                if done.rowcount:
                    return done.rowcount
            itself = sa.delete(definitions).where(definitions.c.id == definition_id)
            return transaction.execute(itself).rowcount

    def _forget_some(self, numbers: Sequence[int]) -> int:
        """Forget some runs, but for those that somebody else is at, or that go on again."""
        with writing(self._engine) as transaction:
            held = _hold_ended(transaction, numbers)
            for table in OF_RUNS:
                transaction.execute(sa.delete(table).where(table.c.run_id.in_(held)))
            transaction.execute(sa.delete(runs).where(runs.c.id.in_(held)))
            return len(held)


def _hold_ended(transaction: Transaction, numbers: Sequence[int]) -> Sequence[str]:
    """Return the ids of the runs that have ended, and let nobody change them meanwhile."""
    held = sa.select(runs.c.id).where(runs.c.number.in_(numbers), runs.c.finished_at.is_not(None))
    found: Sequence[str] = (
        transaction.execute(held.order_by(runs.c.number).with_for_update(skip_locked=True))
        .scalars()
        .all()
    )
    return found


def _first_old(transaction: Transaction, before: datetime) -> Sequence[int]:
    """Return some runs that ended before then and may go, of the oldest ones.

    Runs are looked at some at a time, by the index of their ends: what is asked about each of them
    would be asked about all that are old, to put the few first that are wanted.
    """
    after = LONG_AGO
    while True:
        ended = (runs.c.finished_at > after) & (runs.c.finished_at < before)
        ends = sa.select(runs.c.finished_at).where(ended).order_by(runs.c.finished_at)
        last = ends.limit(1).offset(RUNS_FOUND - 1)
        until = transaction.execute(last).scalar_one_or_none()
        some = ended if until is None else ended & (runs.c.finished_at <= until)
        oldest = _that_may_go().where(some).order_by(runs.c.finished_at)
        numbers: Sequence[int] = transaction.execute(oldest).scalars().all()
        if numbers or until is None:
            return numbers
        after = until


def _too_many(most: int) -> sa.Select[Any]:
    """Return the query of runs that may go as there are more of their definition than `most`."""
    counted = sa.select(runs.c.definition_id, sa.func.count().label("count"))
    full = counted.group_by(runs.c.definition_id).having(sa.func.count() > most).subquery()
    first = sa.select(full.c.definition_id, _newest_but(most, full.c.definition_id).label("first"))
    kept = first.subquery()
    return (
        _that_may_go()
        .join(kept, kept.c.definition_id == runs.c.definition_id)
        .where(runs.c.number < kept.c.first, runs.c.finished_at.is_not(None))
        .order_by(runs.c.number)
    )


def _newest_but(count: int, definition_id: sa.ColumnElement[str]) -> sa.ScalarSelect[int]:
    """Return the first of so many newest runs of a definition; NULL if there are fewer."""
    newer = runs.alias()
    mine = sa.select(newer.c.number).where(newer.c.definition_id == definition_id)
    return mine.order_by(newer.c.number.desc()).limit(1).offset(count - 1).scalar_subquery()


def _that_may_go() -> sa.Select[Any]:
    """Return the query of some runs that nobody needs any more, whatever their age."""
    good, repair = runs.alias(), runs.alias()
    has_better = sa.exists().where(
        good.c.definition_id == runs.c.definition_id,
        good.c.number > runs.c.number,
        good.c.state == RunState.COMPLETED,
    )
    is_spare = (runs.c.number < _newest_but(NEWEST, runs.c.definition_id)) & (
        (runs.c.state != RunState.COMPLETED) | has_better
    )
    is_decided = runs.c.scheduled_for.is_(None) | (
        runs.c.scheduled_for <= definitions.c.decided_until
    )
    owes = sa.exists().where(follow_ups.c.run_id == runs.c.id)
    is_repaired = sa.exists().where(
        run_repairs.c.of_run_id == runs.c.id,
        repair.c.id == run_repairs.c.run_id,
        repair.c.finished_at.is_(None),
    )
    return (
        sa.select(runs.c.number)
        .join(definitions, definitions.c.id == runs.c.definition_id)
        .where(definitions.c.deleted_at.is_not(None) | (is_spare & is_decided))
        .where(~owes, ~is_repaired)
        .limit(RUNS_FOUND)
    )
