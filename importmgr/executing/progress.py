"""Whether a run gets further: a batch was loaded, or a byte fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from definitions.errors import StalledError
from importmgr.clock import Clock

LOOKS: Final = 10  # at what was fetched, within the limit


class Progress:
    """Remembers when a run last got further; used by the one thread that works on it."""

    def __init__(self, limit: timedelta, *, fetched: Callable[[], int], clock: Clock) -> None:
        """Begin to count; `fetched` tells how many bytes were fetched for the run so far."""
        self._limit = limit.total_seconds()
        self._fetched = fetched
        self._clock = clock
        self._bytes = fetched()
        self._since = self._looked = clock.monotonic()

    def advanced(self) -> None:
        """Note that a batch was loaded."""
        self._since = self._clock.monotonic()

    def check(self) -> None:
        """Raise `StalledError` if the run has got no further for as long as it may.

        It is raised again and again then, as a source tries again by itself what may pass.
        """
        now = self._clock.monotonic()
        if now - self._looked < self._limit / LOOKS:
            return
        before, self._bytes = self._bytes, self._fetched()
        if self._bytes != before:
            self._since = now
        if now - self._since >= self._limit:
            msg = (
                f"no byte came and no batch was loaded for {self._limit:g} s; if the source is so "
                "slow, give the definition a longer stall_timeout or raise IMPORTMGR_STALL_SECONDS"
            )
            raise StalledError(msg)
        self._looked = now
