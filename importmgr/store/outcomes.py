"""How runs and attempts at them ended, as decisions about their definitions.

What somebody may have to look at is told, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from definitions.decisions import Decision, DecisionCode, Facts
from definitions.errors import ImportmgrError
from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.store.decisions import add_decisions
from importmgr.store.tables import run_repairs, runs
from importmgr.store.transactions import Transaction


def explain_ended(transaction: Transaction, run_ids: Sequence[str]) -> None:
    """Write down which runs that have just ended failed, rejected rows, or repaired some.

    What a brake has failed `explain_brake` tells, and of dry runs nothing is told.
    """
    mended = runs.alias()
    ended = (
        sa.select(
            runs,
            run_repairs.c.of_run_id,
            run_repairs.c.discarded,
            mended.c.rows_rejected.label("left"),
        )
        .select_from(
            runs.outerjoin(run_repairs, run_repairs.c.run_id == runs.c.id).outerjoin(
                mended, mended.c.id == run_repairs.c.of_run_id
            )
        )
        .where(runs.c.id.in_(run_ids), runs.c.cause != Cause.DRY_RUN)
        .order_by(runs.c.number)
    )
    for row in transaction.execute(ended).all():
        decision = _decision(row)
        if decision is not None:
            add_decisions(transaction, [(row.definition_id, decision)], row.finished_at)


def explain_failed(
    transaction: Transaction, run_id: str, error: ImportmgrError, again_at: datetime, at: datetime
) -> None:
    """Write down that an attempt failed, and when the next one begins at the soonest."""
    again = {
        "why": str(error),
        "reason": error.code,
        "delay_seconds": round((again_at - at).total_seconds(), 3),
        "next": again_at.isoformat(),
    }
    _explain_attempt(transaction, run_id, DecisionCode.ATTEMPT_FAILED, again, at)


def explain_lost(transaction: Transaction, run_id: str, owner: str | None, at: datetime) -> None:
    """Write down that whoever worked on a run is gone."""
    _explain_attempt(transaction, run_id, DecisionCode.ATTEMPT_LOST, {"owner": owner}, at)


def _explain_attempt(
    transaction: Transaction, run_id: str, code: DecisionCode, facts: Facts, at: datetime
) -> None:
    """Write down what became of the last attempt at a run, unless that is a dry one."""
    found = sa.select(runs.c.definition_id, runs.c.attempt).where(
        runs.c.id == run_id, runs.c.cause != Cause.DRY_RUN
    )
    row = transaction.execute(found).one_or_none()
    if row is not None:
        told = {"run_id": run_id, "attempt": row.attempt, **facts}
        add_decisions(transaction, [(row.definition_id, Decision(code=code, facts=told))], at)


def _decision(row: sa.Row[Any]) -> Decision | None:
    """Return what is to be said of the end of a run, if anything is."""
    if row.state == RunState.FAILED and row.stop_reason != StopReason.THRESHOLD:
        of_run = {} if row.of_run_id is None else {"of_run_id": row.of_run_id}
        facts = {"run_id": row.id, **of_run, "why": row.error}
        return Decision(code=DecisionCode.RUN_FAILED, facts=facts)
    if row.state != RunState.COMPLETED:
        return None
    if row.of_run_id is not None:
        loaded = row.rows_created + row.rows_updated + row.rows_unchanged
        facts = {"run_id": row.id, "of_run_id": row.of_run_id}
        facts |= {"loaded": loaded, "rejected": row.left, "discarded": row.discarded}
        return Decision(code=DecisionCode.ROWS_REPAIRED, facts=facts)
    if not row.rows_rejected:
        return None
    facts = {"run_id": row.id, "rejected": row.rows_rejected, "read": row.rows_read}
    return Decision(code=DecisionCode.ROWS_REJECTED, facts=facts)
