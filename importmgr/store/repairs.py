"""Repairs as stored: what was handed in for which rejected rows, by whom, when."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.errors import PermanentError
from importmgr.store.rejects import KeptFile, files_of
from importmgr.store.run_values import Run, select_runs, to_run
from importmgr.store.tables import run_repairs, runs
from importmgr.store.transactions import Transaction, reading, writing

PRUNED_AT_ONCE = 100  # files may be large


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRepair:
    """Corrected rows of the file `part` of a run, handed in to be loaded by the run `run_id`."""

    run_id: str
    of_run_id: str
    part: int
    content: bytes = field(repr=False)
    sha256: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A repair about to be worked off: the run whose rows it is about, and their file."""

    of: Run
    kept: KeptFile
    asked_by: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairCounts:
    """Rows that were handed in to no avail: `untouched` as they were, or to be `discarded`."""

    untouched: int = 0
    discarded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDone:
    """A repair as people look back on it: who handed in what, and the run that loaded it.

    Of the rows that are rejected still, those that are untouched came back as they were handed
    out; of those that were skipped, those that are discarded were given up.
    """

    run: Run
    part: int
    size: int
    sha256: str
    asked_by: str
    counts: RepairCounts


class RepairStore:
    """Keeps what was handed in until it is loaded, and for a while that it was."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open a transaction for a repair and its run."""
        return writing(self._engine)

    def add(self, transaction: Transaction, new: NewRepair) -> None:
        """Store what was handed in, with the run that will load it."""
        values = {name: getattr(new, name) for name in NewRepair.__slots__}
        transaction.execute(sa.insert(run_repairs).values(values | {"size": len(new.content)}))

    def get(self, run_id: str) -> Repair:
        """Return the repair that a run is for.

        Raise `PermanentError` if what it takes is not kept any more.
        """
        found = sa.select(run_repairs).where(run_repairs.c.run_id == run_id)
        with reading(self._engine) as transaction:
            row = transaction.execute(found).one_or_none()
            if row is not None and row.content is not None:
                first = select_runs().where(runs.c.id == row.of_run_id)
                of = to_run(transaction.execute(first).one())
                for kept in files_of(transaction, row.of_run_id):
                    if kept.part == row.part:
                        return Repair(of=of, kept=kept, asked_by=row.asked_by, content=row.content)
        msg = "the rejected rows, or their corrections, are not kept any more: run it again"
        raise PermanentError(msg)

    def of_run(self, run_id: str) -> Sequence[RepairDone]:
        """Return every repair of a run, the oldest first."""
        names = ("part", "size", "sha256", "asked_by")
        counts = RepairCounts.__slots__
        columns = [run_repairs.c[name].label(f"repair_{name}") for name in (*names, *counts)]
        found = (
            select_runs()
            .add_columns(*columns)
            .join(run_repairs, run_repairs.c.run_id == runs.c.id)
            .where(run_repairs.c.of_run_id == run_id)
            .order_by(runs.c.number)
        )
        with reading(self._engine) as transaction:
            rows = transaction.execute(found).all()
        return [
            RepairDone(
                run=to_run(row),
                counts=RepairCounts(**{name: getattr(row, f"repair_{name}") for name in counts}),
                **{name: getattr(row, f"repair_{name}") for name in names},
            )
            for row in rows
        ]

    def counts(self, run_id: str) -> RepairCounts:
        """Return how many of the rows that were handed in had nothing to be loaded."""
        columns = [run_repairs.c[name] for name in RepairCounts.__slots__]
        found = sa.select(*columns).where(run_repairs.c.run_id == run_id)
        with reading(self._engine) as transaction:
            row = transaction.execute(found).one()
        return RepairCounts(untouched=row.untouched, discarded=row.discarded)

    def prune(self, before: datetime) -> int:
        """Forget some of what was handed in before then; tell how many repairs that were.

        What still waits to be loaded stays.
        """
        ended = sa.select(runs.c.id).where(runs.c.finished_at.is_not(None))
        old = (
            sa.select(run_repairs.c.run_id)
            .where(run_repairs.c.asked_at < before, run_repairs.c.run_id.in_(ended))
            .order_by(run_repairs.c.asked_at)
            .limit(PRUNED_AT_ONCE)
        )
        with writing(self._engine) as transaction:
            done = transaction.execute(sa.delete(run_repairs).where(run_repairs.c.run_id.in_(old)))
        return done.rowcount


def count_rows(transaction: Transaction, run_id: str, more: RepairCounts) -> None:
    """Count rows of a batch of a repair that had nothing to be loaded."""
    values = {name: run_repairs.c[name] + getattr(more, name) for name in RepairCounts.__slots__}
    transaction.execute(sa.update(run_repairs).where(run_repairs.c.run_id == run_id).values(values))


def forget_corrections(transaction: Transaction, run_ids: Sequence[str]) -> None:
    """Forget what was handed in for those of the runs that are repairs, as it is loaded."""
    loaded = sa.update(run_repairs).where(run_repairs.c.run_id.in_(run_ids))
    transaction.execute(loaded.values(content=None))
