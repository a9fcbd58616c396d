"""What ends a hold on runs: the ledger is closed to the old owner, its counts are kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from definitions.batches import Checkpoint
from definitions.lifecycle import RunState, StopReason, states_before
from destinations.ledger import read_ledger, revoke
from importmgr.store.tables import runs
from importmgr.store.transactions import Transaction

FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def counts_of(checkpoint: Checkpoint | None) -> dict[str, int]:
    """Return the counts of a checkpoint under their names in `runs`."""
    if checkpoint is None:
        return {}
    counts = {f"rows_{name}": count for name, count in asdict(checkpoint.tally).items()}
    return counts | {"fault_count": checkpoint.fault_count}


def end_runs(
    transaction: Transaction, which: sa.ColumnElement[bool], change: dict[str, Any]
) -> None:
    """Make runs reach a last state without their owners, who can commit nothing from now on.

    A batch that is being committed is waited for; it counts.
    """
    end = sa.update(runs).where(which).values(change | FREE).returning(runs.c.id, runs.c.token)
    for run_id, token in transaction.execute(end).all():
        if token:  # somebody worked on it
            revoke(transaction, run_id, token)
            counts = counts_of(read_ledger(transaction, run_id))
            transaction.execute(sa.update(runs).where(runs.c.id == run_id).values(counts))


def cancel_runs(transaction: Transaction, definition_id: str, now: datetime) -> None:
    """Cancel every unfinished run of a definition that is being deleted."""
    unfinished = (runs.c.definition_id == definition_id) & runs.c.state.in_(
        sorted(states_before(RunState.CANCELLED))
    )
    change = {
        "state": RunState.CANCELLED,
        "stop_reason": StopReason.DEFINITION_DELETED,
        "finished_at": now,
    }
    end_runs(transaction, unfinished, change)
