"""What differs between the API dialects, as data: one record per dialect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """At most `requests` in any window of `seconds`, per project."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How definitions and runs of one dialect are admitted and handled."""

    dialect: str
    error_ratio: float | None  # share of rejected rows above which a run fails; None: never
    max_active_runs: int  # per definition; further ones wait
    max_waiting_runs: int  # per definition; further ones are refused
    max_active_definitions: int  # per project; further ones are refused
    reading_rate: RateLimit  # list, read and delete together
    pausable: bool


BLOOMREACH = Policy(
    dialect="bloomreach",
    error_ratio=None,
    max_active_runs=1,
    max_waiting_runs=100,
    max_active_definitions=25,
    reading_rate=RateLimit(requests=100, seconds=60),
    pausable=False,
)
