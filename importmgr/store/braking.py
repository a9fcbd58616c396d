"""What brakes compare a run with, and what they did to it, as stored."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from definitions.brakes import History
from definitions.decisions import Decision, DecisionCode
from definitions.lifecycle import Cause, RunState
from importmgr.store.decisions import add_decisions
from importmgr.store.run_values import Braked
from importmgr.store.tables import runs
from importmgr.store.transactions import Transaction


def history_of(transaction: Transaction, definition_id: str, count: int) -> History:
    """Return what the last `count` completed runs of a definition were like."""
    completed = sa.select(runs.c.rows_total, runs.c.columns).where(
        runs.c.definition_id == definition_id,
        runs.c.state == RunState.COMPLETED,
        runs.c.cause.not_in([Cause.REPAIR, Cause.DRY_RUN]),  # of a few rows, or of none
    )
    rows = transaction.execute(completed.order_by(runs.c.number.desc()).limit(count)).all()
    columns = next((row.columns for row in rows if row.columns is not None), None)
    return History(
        row_counts=tuple(row.rows_total or 0 for row in rows),
        columns=None if columns is None else tuple(columns),
    )


def explain_brake(
    transaction: Transaction, run_id: str, code: DecisionCode, braked: Braked, at: datetime
) -> None:
    """Write down what a brake did to a run, with what it did."""
    facts = {"run_id": run_id, "brake": braked.brake, "why": braked.text, **braked.figures}
    whose = sa.select(runs.c.definition_id).where(runs.c.id == run_id)
    definition_id = transaction.execute(whose).scalar_one()
    add_decisions(transaction, [(definition_id, Decision(code=code, facts=facts))], at)
