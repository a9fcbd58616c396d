"""How often one project may call one host of a source, whatever the number of executors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from definitions.errors import StoreBusyError
from importmgr.clock import Clock
from importmgr.identity import Identity
from importmgr.log import get_logger
from importmgr.store.hits import MINUTE, DatabaseWindow

log = get_logger(__name__)

LONGEST_NAP = 1.0  # another hit may expire, or be cleared, sooner than computed
JITTER = 0.25  # seconds by which those who wait together part


class SourcePace:
    """Lets so many requests per minute pass to each host, for each project."""

    def __init__(
        self,
        window: DatabaseWindow,
        per_minute: int,
        clock: Clock,
        identity: Identity,
        waited: Callable[[timedelta], None],
    ) -> None:
        """Take where to count, the pace, what waits, and what hears of it."""
        self._waited = waited
        self._window = window
        self._per_minute = per_minute
        self._clock = clock
        self._identity = identity

    def wait(self, project_id: int, host: str, heartbeat: Callable[[], None]) -> None:
        """Return when one more request may go out; at once if the database cannot tell.

        `heartbeat` is called about once a second meanwhile; what it raises ends the wait.
        """
        key = f"source/{project_id}/{host}"
        try:
            while not self._window.acquire(key, self._per_minute, MINUTE):
                heartbeat()
                seconds = self._nap(key)
                self._clock.sleep(seconds)
                self._waited(timedelta(seconds=seconds))
        except StoreBusyError as exc:
            log.warning("pace not kept", host=host, error=str(exc))

    def _nap(self, key: str) -> float:
        """Return how long to sleep before asking again."""
        filling = self._window.filling(key, MINUTE)
        free_in = max(0.0, filling.oldest + MINUTE - filling.now)
        return min(free_in, LONGEST_NAP) + self._identity.fraction() * JITTER
