"""How many processors the column engine keeps busy."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

VARIABLE = "POLARS_MAX_THREADS"


def share_processors(environment: MutableMapping[str, str]) -> None:
    """Leave half of the processors to what runs beside the column engine, unless told otherwise.

    While a batch is computed, another one is written, and the database works as well. The engine
    reads this when it is imported, so it must be said before.
    """
    environment.setdefault(VARIABLE, str(max(1, _processors() // 2)))


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # where it cannot be told apart
