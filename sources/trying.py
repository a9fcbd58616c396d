"""Fetching in several tries, each going on where it can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from definitions.errors import SpoolBusyError, StalledError, TemporaryError
from definitions.retry import RetryPolicy
from sources.base import RemoteFile, SpooledFile
from sources.part import Part, find_whole
from sources.transfer import Watch

LONGEST_NAP = 1.0
HANDOVER_NAP = 0.25  # seconds
Paused: TypeAlias = Callable[[TemporaryError, timedelta], None]
HANDOVERS = 40  # naps until an earlier attempt must have noticed that it was told to stop
FEW_TRIES = RetryPolicy(
    max_attempts=4, first_delay=timedelta(seconds=1), max_delay=timedelta(seconds=30)
)


def unheard(_: TemporaryError, __: timedelta) -> None:
    """Let a pause pass unnoticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a fetch is tried, and how one waits; a longer pause than the longest is an end.

    `paused` hears of each pause before it begins, and of what it is for.
    """

    retry: RetryPolicy
    longest_pause: float
    sleep: Callable[[float], None]
    fraction: Callable[[], float]
    paused: Paused = unheard


def open_part(
    file: RemoteFile, into: Path, patience: Patience, heartbeat: Callable[[], None]
) -> SpooledFile | Part:
    """Return the file that an earlier try made whole, or else the part to go on with.

    Wait while an earlier attempt holds it: one that was paused or cancelled needs a moment to see
    that. Raise `SpoolBusyError` if it does not let go.
    """
    for _ in range(HANDOVERS):
        try:
            return find_whole(file, into) or Part(into, heartbeat)
        except SpoolBusyError:
            nap(HANDOVER_NAP, patience.sleep, heartbeat)
    return find_whole(file, into) or Part(into, heartbeat)


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
            return _try_once(once, watch)
        except TemporaryError as error:
            if part.size > reached:
                attempt, reached = 1, part.size
            delay = patience.retry.delay_after(attempt, error, patience.fraction())
            longest = min(patience.longest_pause, watch.left)
            if delay is None or delay.total_seconds() > longest:
                raise
            patience.paused(error, delay)
            try:
                nap(delay.total_seconds(), patience.sleep, heartbeat)
            except StalledError as stalled:
                msg = f"{stalled}; what the source said last: {error}"
                raise StalledError(msg) from error
        attempt += 1


def _try_once(once: Callable[[], SpooledFile], watch: Watch) -> SpooledFile:
    """Leave the room to others as soon as the try has ended, also while the next is waited for."""
    try:
        return once()
    finally:
        watch.leave()


def nap(seconds: float, sleep: Callable[[float], None], heartbeat: Callable[[], None]) -> None:
    """Wait so long, calling `heartbeat` again and again."""
    rest = seconds
    while rest > 0:
        heartbeat()
        sleep(min(rest, LONGEST_NAP))
        rest -= LONGEST_NAP
