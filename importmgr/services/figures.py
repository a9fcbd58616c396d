"""The figures of this process, with a look at all runs of the database."""

from __future__ import annotations

import math
from functools import partial

from definitions.errors import ImportmgrError
from definitions.lifecycle import HELD, RunState
from importmgr.metrics import Metrics
from importmgr.store.runs import RunStore


def figures_of(runs: RunStore) -> Metrics:
    """Return the metrics of this process, with a look at all runs of the database."""

    def count(states: frozenset[RunState]) -> float:
        try:
            counts = runs.counts()
        except ImportmgrError:  # a busy database shall not cost the other figures
            return math.nan
        return sum(counts.get(state, 0) for state in states)

    metrics = Metrics()
    queued = partial(count, frozenset({RunState.QUEUED}))
    metrics.watch("importmgr_runs_queued", "Runs that wait, in all processes.", queued)
    paused = partial(count, frozenset({RunState.PAUSED}))
    metrics.watch("importmgr_runs_paused", "Runs that somebody has to resume.", paused)
    metrics.watch("importmgr_runs_held", "Runs worked on, in all processes.", partial(count, HELD))
    return metrics
