"""What is away: said once, waited for longer and longer, and said once more when it is back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from importmgr.log import get_logger

if TYPE_CHECKING:
    from importmgr.clock import Clock

log = get_logger(__name__)

LONGEST = timedelta(seconds=5)  # between two tries: so soon all goes on when the database is back


class Outage:
    """The failures in a row of one loop of one thread."""

    def __init__(self, loop: str, *, pause: timedelta, clock: Clock) -> None:
        """Take the loop's name for the log, and how long it waits between two tries at first."""
        self._loop = loop
        self._pause = pause
        self._clock = clock
        self._since: float | None = None
        self._failures = 0

    def failed(self, error: Exception) -> timedelta:
        """Note a failure, the first one in the log, and return how long to wait."""
        if self._since is None:
            self._since = self._clock.monotonic()
            log.warning("loop held up", loop=self._loop, error=str(error))
        doublings = min(self._failures, 20)
        self._failures += 1
        return max(self._pause, min(self._pause * (1 << doublings), LONGEST))

    def passed(self) -> None:
        """Note that all went well, in the log if it had not before."""
        if self._since is None:
            return
        seconds = round(self._clock.monotonic() - self._since, 1)
        log.info("loop goes on", loop=self._loop, failures=self._failures, seconds=seconds)
        self._since, self._failures = None, 0
