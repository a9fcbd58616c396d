"""Dry runs as stored: what they are of, and what they found out.

A dry run is a run of a copy of its definition that nobody sees: so it has a queue of its own, and
is claimed, held, paused and taken over as every other run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.batches import Checkpoint
from destinations.ledger import commit
from importmgr.store import claims
from importmgr.store.definitions import StoredDefinition, to_definition
from importmgr.store.retention import OF_RUNS
from importmgr.store.run_values import Run, select_runs, to_run
from importmgr.store.tables import definitions, dry_runs, runs
from importmgr.store.transactions import Transaction, is_storable, reading, writing

ORIGIN = "dry-run"  # of the copies; nothing lists definitions of that origin
PRUNED_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """A dry run as it stands: the definition it is of (None: one that is not stored), its report.

    The report is a document; there is none before the end.
    """

    run: Run
    definition_id: str | None
    report: Mapping[str, Any] | None


class DryRunStore:
    """Keeps dry runs of one database."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(
        self, transaction: Transaction, run_id: str, definition_id: str | None, now: datetime
    ) -> None:
        """Note of what a queued run is a dry run."""
        values = {"run_id": run_id, "definition_id": definition_id, "asked_at": now}
        transaction.execute(sa.insert(dry_runs).values(values))

    def get(self, project_id: int, run_id: str) -> DryRun | None:
        """Return one dry run of a project."""
        if not is_storable(run_id):
            return None
        found = (
            select_runs()
            .add_columns(dry_runs.c.definition_id.label("of_definition_id"), dry_runs.c.report)
            .join(dry_runs, dry_runs.c.run_id == runs.c.id)
            .where(runs.c.id == run_id, runs.c.project_id == project_id)
        )
        with reading(self._engine) as transaction:
            row = transaction.execute(found).one_or_none()
        if row is None:
            return None
        report = None if row.report is None else json.loads(row.report)
        return DryRun(run=to_run(row), definition_id=row.of_definition_id, report=report)

    def original(self, run_id: str) -> StoredDefinition | None:
        """Return the stored definition that a dry run is of, if it is there still."""
        found = (
            sa.select(definitions)
            .join(dry_runs, dry_runs.c.definition_id == definitions.c.id)
            .where(dry_runs.c.run_id == run_id, definitions.c.deleted_at.is_(None))
        )
        with reading(self._engine) as transaction:
            row = transaction.execute(found).one_or_none()
        return None if row is None else to_definition(row)

    def go_on(self, run: Run, reached: Checkpoint) -> None:
        """Show how far a dry run is; raise `LostLeaseError` if it is not the token's any more."""
        with writing(self._engine) as transaction:
            commit(transaction, run.id, run.token, reached)

    def save(self, run: Run, report: Mapping[str, Any], now: datetime) -> None:
        """Store what was found out, and let go of the copy of the definition.

        Raise `LostLeaseError` if the run is not the token's any more.
        """
        text = json.dumps(report)  # all of it ASCII, as no database takes every character
        with writing(self._engine) as transaction:
            claims.require_ours(transaction, run.id, run.token)
            mine = sa.update(dry_runs).where(dry_runs.c.run_id == run.id)
            transaction.execute(mine.values(report=text))
            _let_go(transaction, [run.definition_id], now)

    def let_go(self, run: Run, now: datetime) -> None:
        """Forget the copy of the definition, and its password, of a dry run that failed."""
        with writing(self._engine) as transaction:
            self.forget_copy(transaction, run, now)

    def forget_copy(self, transaction: Transaction, run: Run, now: datetime) -> None:
        """Forget it with what is done to the dry run."""
        _let_go(transaction, [run.definition_id], now)

    def prune(self, before: datetime) -> int:
        """Forget some of the dry runs asked for before then that have ended; tell how many.

        Their runs go with them, and what is left of the copies of their definitions.
        """
        old = (
            sa.select(runs.c.id, runs.c.definition_id)
            .join(dry_runs, dry_runs.c.run_id == runs.c.id)
            .where(dry_runs.c.asked_at < before, runs.c.finished_at.is_not(None))
            .order_by(dry_runs.c.asked_at)
            .limit(PRUNED_AT_ONCE)
        )
        with writing(self._engine) as transaction:
            found = transaction.execute(old).all()
            ids = [row.id for row in found]
            for table in OF_RUNS:
                transaction.execute(sa.delete(table).where(table.c.run_id.in_(ids)))
            transaction.execute(sa.delete(runs).where(runs.c.id.in_(ids)))
            _let_go(transaction, [row.definition_id for row in found], before)
        return len(found)


def _let_go(transaction: Transaction, definition_ids: Sequence[str], now: datetime) -> None:
    """Leave nothing of copies of definitions but that there were some."""
    mine = (definitions.c.id.in_(definition_ids)) & (definitions.c.origin == ORIGIN)
    nothing: dict[str, Any] = {"document": {}, "secret": None, "deleted_at": now}
    transaction.execute(sa.update(definitions).where(mine).values(nothing))
