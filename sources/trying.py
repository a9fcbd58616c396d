"""Fetching in several tries, each going on where it can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from definitions.errors import TemporaryError
from definitions.retry import RetryPolicy
from sources.base import SpooledFile
from sources.part import Part
from sources.transfer import Watch

LONGEST_NAP = 1.0
FEW_TRIES = RetryPolicy(
    max_attempts=4, first_delay=timedelta(seconds=1), max_delay=timedelta(seconds=30)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a fetch is tried, and how one waits; a longer pause than the longest is an end."""

    retry: RetryPolicy
    longest_pause: float
    sleep: Callable[[float], None]
    fraction: Callable[[], float]


def keep_trying(
    once: Callable[[], SpooledFile],
    part: Part,
    watch: Watch,
    patience: Patience,
    heartbeat: Callable[[], None],
) -> SpooledFile:
    """Return what `once` returns; after what may pass, try again, from where `part` got to.

    Only tries without progress are counted.
    """
    attempt, reached = 1, part.size
    while True:
        try:
            return once()
        except TemporaryError as error:
            if part.size > reached:
                attempt, reached = 1, part.size
            delay = patience.retry.delay_after(attempt, error, patience.fraction())
            longest = min(patience.longest_pause, watch.left)
            if delay is None or delay.total_seconds() > longest:
                raise
            nap(delay.total_seconds(), patience.sleep, heartbeat)
        attempt += 1


def nap(seconds: float, sleep: Callable[[float], None], heartbeat: Callable[[], None]) -> None:
    """Wait so long, calling `heartbeat` again and again."""
    rest = seconds
    while rest > 0:
        heartbeat()
        sleep(min(rest, LONGEST_NAP))
        rest -= LONGEST_NAP
