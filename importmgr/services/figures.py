"""The figures of this process, with a look at the whole database."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from definitions.errors import ImportmgrError
from definitions.lifecycle import HELD, RunState
from importmgr.metrics import Metrics
from importmgr.store import Stores
from importmgr.telling.registry import CHANNELS


def figures_of(stores: Stores) -> Metrics:
    """Return the metrics of this process, with a look at the whole database.

    Every run that this process ends is counted, whoever asked for its end.
    What it does not tell, as it is busy, is not a number; it costs no other figure.
    """
    metrics = Metrics(kinds=CHANNELS)
    stores.runs.hear_ends(metrics.run_ended)
    for name, text, states in (
        ("queued", "Runs that wait, in all processes.", frozenset({RunState.QUEUED})),
        ("paused", "Runs that somebody has to resume.", frozenset({RunState.PAUSED})),
        ("held", "Runs worked on, in all processes.", HELD),
    ):
        metrics.watch(f"importmgr_runs_{name}", text, partial(_count, stores, states))
    metrics.watch(
        "importmgr_queue_wait_seconds",
        "How long ago the run that waits longest could have started.",
        partial(_seconds, stores.runs.longest_wait),
    )
    metrics.watch(
        "importmgr_firing_overdue_seconds",
        "How long the instant of a schedule that is due longest has been due.",
        partial(_seconds, stores.schedules.overdue),
    )
    pending = partial(_pending, stores)
    metrics.watch("importmgr_deliveries_pending", "Deliveries still to be made.", pending)
    return metrics


def _pending(stores: Stores) -> float:
    try:
        return stores.deliveries.pending()
    except ImportmgrError:
        return math.nan


def _count(stores: Stores, states: frozenset[RunState]) -> float:
    try:
        counts = stores.runs.counts()
    except ImportmgrError:
        return math.nan
    return sum(counts.get(state, 0) for state in states)


def _seconds(read: Callable[[], timedelta]) -> float:
    try:
        return read().total_seconds()
    except ImportmgrError:
        return math.nan
