"""Ends of runs, told in this process to whoever counts them.

A run is told of by the process whose transaction ended it, once, when it has committed. One whose
commit was cut so that nobody knows its outcome is not told of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.lifecycle import RunState
from destinations.tables import run_faults
from importmgr.store.tables import runs
from importmgr.store.transactions import Transaction, after_commit

# The state, how long it took if it had begun, and how many kept faults of each code it has.
Hear: TypeAlias = Callable[[RunState, timedelta | None, Mapping[str, int]], None]
HEARS = "importmgr_hears_ends"  # the option of an engine


def hear_ends(engine: Engine, hear: Hear) -> None:
    """Call `hear` for each run that a transaction of this engine has ended."""
    engine.update_execution_options(**{HEARS: hear})


def say_ended(transaction: Transaction, run_ids: Sequence[str]) -> None:
    """Tell whoever hears of these runs, which have ended, once the transaction has committed."""
    hear = transaction.get_execution_options().get(HEARS)
    if hear is None or not run_ids:
        return
    faults = _faults_of(transaction, run_ids)
    columns = (runs.c.id, runs.c.state, runs.c.started_at, runs.c.finished_at)
    for row in transaction.execute(sa.select(*columns).where(runs.c.id.in_(run_ids))):
        begun = None if row.started_at is None else row.finished_at - row.started_at
        took = None if begun is None else max(begun, timedelta(0))
        told = partial(hear, RunState(row.state), took, faults.get(row.id, {}))
        after_commit(transaction, told)


def _faults_of(transaction: Transaction, run_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how many stored faults of each code each of these runs has."""
    run_id, code = run_faults.c.run_id, run_faults.c.code
    counted = sa.select(run_id, code, sa.func.count()).where(run_id.in_(run_ids))
    found: dict[str, dict[str, int]] = {}
    for one, name, count in transaction.execute(counted.group_by(run_id, code)):
        found.setdefault(one, {})[name] = count
    return found
