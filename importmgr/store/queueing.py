"""How a run gets into the queue."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from definitions.errors import LimitError, NotFoundError
from definitions.lifecycle import RunState
from importmgr.store.news import announce
from importmgr.store.run_values import COUNTS, NewRun, Run, select_runs, to_run
from importmgr.store.tables import definitions, is_waiting, runs
from importmgr.store.transactions import Transaction, present

RETRY_AFTER_SECONDS = 60


def queue(transaction: Transaction, run: NewRun, max_waiting: int) -> Run:
    """Put a run behind those of its definition that wait already, and return it.

    Asking a second time for the run of one scheduled instant returns the first. Raise `LimitError`
    if `max_waiting` runs of the definition wait, `NotFoundError` if it was deleted meanwhile.
    """
    _hold_definition(transaction, run.definition_id)
    if run.scheduled_for is not None:
        same = (runs.c.definition_id == run.definition_id) & (
            runs.c.scheduled_for == run.scheduled_for
        )
        if found := transaction.execute(select_runs().where(same)).one_or_none():
            return to_run(found)
    _check_room(transaction, run.definition_id, max_waiting)
    values = _values(run) | {"not_before": present(transaction, run.now)}
    transaction.execute(sa.insert(runs).values(values))
    announce(transaction)
    return to_run(transaction.execute(select_runs().where(runs.c.id == run.id)).one())


def queue_scheduled(transaction: Transaction, scheduled: Sequence[NewRun]) -> None:
    """Put runs that nobody asked for into the queue; whoever calls holds their definitions.

    It has been looked before that there is room for them, and no run of the same instants. `now`
    of a run is the time that all who share the database agree on.
    """
    if scheduled:
        rows = [_values(run) | {"not_before": run.now} for run in scheduled]
        transaction.execute(sa.insert(runs), rows)
        announce(transaction)


def waiting(transaction: Transaction, definition_id: str) -> int:
    """Return how many runs of a definition wait."""
    counted = sa.select(sa.func.count()).select_from(runs)
    counted = counted.where(runs.c.definition_id == definition_id, is_waiting())
    return int(transaction.execute(counted).scalar_one())


def _hold_definition(transaction: Transaction, definition_id: str) -> None:
    """Let nobody else queue a run of the definition, or delete it, before we are done."""
    held = sa.select(definitions.c.id).where(
        definitions.c.id == definition_id, definitions.c.deleted_at.is_(None)
    )
    if transaction.execute(held.with_for_update(key_share=True)).one_or_none() is None:
        msg = f"there is no import {definition_id!r} any more"
        raise NotFoundError(msg)


def _check_room(transaction: Transaction, definition_id: str, most: int) -> None:
    """Raise `LimitError` if no more runs of the definition may wait."""
    if waiting(transaction, definition_id) >= most:
        msg = f"{most} runs of import {definition_id!r} wait already, which is as many as may wait"
        raise LimitError(msg, retry_after=RETRY_AFTER_SECONDS)


def _values(run: NewRun) -> dict[str, object]:
    """Return the columns of a run that nobody has worked on."""
    return {
        "id": run.id,
        "definition_id": run.definition_id,
        "project_id": run.project_id,
        "cause": run.cause,
        "scheduled_for": run.scheduled_for,
        "late": run.late or None,
        "priority": run.priority or None,
        "rerun_of": run.rerun_of,
        "location": run.location,
        "state": RunState.QUEUED,
        "warnings": [],
        "token": 0,
        "attempt": 0,
        "failures": 0,
        "failed_at_batch": 0,
        "crashes": 0,
        "crashed_at_batch": 0,
        "created_at": run.now,
        "fault_count": 0,
        **dict.fromkeys((f"rows_{name}" for name in COUNTS), 0),
    }
