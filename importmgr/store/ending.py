"""What ends a hold on runs: the ledger is closed to the old owner, its counts are kept.

Every run that ends does so by `end_runs`, every one that is paused by `pause_runs`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from definitions.batches import Checkpoint
from definitions.lifecycle import Outcome, RunState, StopReason, states_before
from destinations.ledger import read_ledger, revoke
from importmgr.store.attempts import close
from importmgr.store.hearing import say_ended
from importmgr.store.notices import tell_ended
from importmgr.store.outcomes import explain_ended
from importmgr.store.promises import keep_promises
from importmgr.store.repairs import forget_corrections
from importmgr.store.tables import attempts, runs
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
) -> list[str]:
    """Let runs reach a last state with the counts of their ledgers; return their ids.

    Their owners can commit nothing from now on. A batch that is being committed is waited for; it
    counts. Whoever wants to know is told.
    """
    ended = _let_go(transaction, which, {**change, "paused_at": None, "braked": None})
    told = {
        name: sa.select(column).where(runs.c.id == attempts.c.run_id).scalar_subquery()
        for name, column in (
            ("ended_at", runs.c.finished_at),
            ("code", runs.c.reason_code),
            ("text", runs.c.error),
        )
    }
    close(transaction, ended, {"outcome": Outcome(change["state"].value), **told})
    for run_id in ended:
        counts = counts_of(read_ledger(transaction, run_id))
        if change["state"] is RunState.COMPLETED:
            counts["rows_total"] = counts["rows_read"]  # its ledger has a row: it was worked on
        if counts:
            transaction.execute(sa.update(runs).where(runs.c.id == run_id).values(counts))
    if change["state"] is RunState.COMPLETED:
        forget_corrections(transaction, ended)
    explain_ended(transaction, ended)
    tell_ended(transaction, ended)
    keep_promises(transaction, ended)
    say_ended(transaction, ended)
    return ended


def pause_runs(
    transaction: Transaction, which: sa.ColumnElement[bool], change: dict[str, Any]
) -> list[str]:
    """Take runs from their owners as `end_runs` does, but for a while; return their ids."""
    paused = _let_go(transaction, which, {**change, "state": RunState.PAUSED})
    braked = change.get("braked")
    ending = (
        {"outcome": Outcome.PAUSED}
        if braked is None
        else {"outcome": Outcome.BRAKED, "code": braked["brake"], "text": braked["text"]}
    )
    close(transaction, paused, {"ended_at": change["paused_at"], **ending})
    return paused


def _let_go(
    transaction: Transaction, which: sa.ColumnElement[bool], change: dict[str, Any]
) -> list[str]:
    """Change runs and close their ledgers to whoever worked on them; return their ids."""
    let = sa.update(runs).where(which).values(change | FREE).returning(runs.c.id, runs.c.token)
    changed = transaction.execute(let).all()
    for run_id, token in changed:
        if token:  # somebody worked on it
            revoke(transaction, run_id, token)
    return [run_id for run_id, _ in changed]


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
