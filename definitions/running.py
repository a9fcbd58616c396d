"""How runs of a definition are treated: which goes first, how long one may stand still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

LONGEST_STALL = 604_800  # seconds: a week
HIGHEST = 1_000  # priority; the lowest is as far below 0


def priority_of(document: Mapping[str, Any]) -> int:
    """Return the priority of the runs of a normalised document; greater goes first."""
    return int(document.get("priority") or 0)


def stall_of(document: Mapping[str, Any], default: timedelta) -> timedelta:
    """Return how long a run of a normalised document may get no further before it is stopped."""
    seconds = document.get("stall_timeout")
    return default if seconds is None else timedelta(seconds=seconds)
