"""What becomes of runs whose executor died: queued again, or failed when that keeps happening."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from definitions.lifecycle import Outcome, RunState, StopReason
from destinations.ledger import revoke
from destinations.tables import run_ledger
from importmgr.store.attempts import close
from importmgr.store.ending import FREE, end_runs
from importmgr.store.news import announce
from importmgr.store.outcomes import explain_lost
from importmgr.store.tables import is_held, runs
from importmgr.store.transactions import Transaction

MAX_CRASHES = 20  # of a run that gets no further; what kills its executors must not go on for ever


def expired(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for held runs whose lease ran out."""
    return is_held() & (runs.c.lease_until < now)


def owned_by(owner: str) -> sa.ColumnElement[bool]:
    """Return the condition for held runs of one owner."""
    return is_held() & (runs.c.lease_owner == owner)


def take_from_dead(transaction: Transaction, dead: sa.ColumnElement[bool], at: datetime) -> int:
    """Return runs to their places in the queue and tell how many there were.

    Their old owners, should they live after all, can write nothing more. A run that lost its
    executor too often without a batch in between fails instead.
    """
    batches = sa.func.coalesce(run_ledger.c.batches, 0).label("batches")
    crashed = (runs.c.crashes, runs.c.crashed_at_batch)
    lease = (runs.c.lease_owner, runs.c.lease_until)
    found = (
        sa.select(runs.c.number, runs.c.id, *lease, *crashed, batches)
        .select_from(runs.outerjoin(run_ledger, run_ledger.c.run_id == runs.c.id))
        .where(dead)
        .order_by(runs.c.number)
        .with_for_update(skip_locked=True, of=runs)
    )
    rows = transaction.execute(found).all()
    for row in rows:
        crashes = 1 if row.batches > row.crashed_at_batch else row.crashes + 1
        change = {"crashes": crashes, "crashed_at_batch": row.batches}
        if crashes < MAX_CRASHES:
            _requeue(transaction, runs.c.number == row.number, change)
            lost = {"outcome": Outcome.LOST, "ended_at": row.lease_until}  # all that is known of it
            close(transaction, [row.id], lost)
            explain_lost(transaction, row.id, row.lease_owner, at)
        else:
            _fail(transaction, runs.c.number == row.number, change)
    return len(rows)


def _requeue(
    transaction: Transaction, which: sa.ColumnElement[bool], crash: dict[str, int]
) -> None:
    change = {"state": RunState.QUEUED, **crash, **FREE}
    back = sa.update(runs).where(which).values(change).returning(runs.c.id, runs.c.token)
    for run_id, token in transaction.execute(back).all():
        revoke(transaction, run_id, token)
        announce(transaction)


def _fail(transaction: Transaction, which: sa.ColumnElement[bool], crash: dict[str, int]) -> None:
    change = {
        **crash,
        "state": RunState.FAILED,
        "stop_reason": StopReason.CRASH,
        "error": f"the service died {MAX_CRASHES} times at the same place of this run",
        "reason_code": StopReason.CRASH,
        "finished_at": runs.c.lease_until,  # the last that is known of it
    }
    end_runs(transaction, which, change)
