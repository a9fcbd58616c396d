"""The watchers: threads that look, again and again, for new files where it is due."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from definitions.errors import ImportmgrError, PermanentError
from importmgr.log import get_logger
from importmgr.outage import Outage

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.services.watching import Watching

log = get_logger(__name__)


class Watchers:
    """Looks at up to `size` places at the same time; one that is slow holds up no other thread."""

    def __init__(self, watching: Watching, size: int, *, pause: timedelta, clock: Clock) -> None:
        """Take what looks, and how long to wait where nothing is due."""
        self._watching = watching
        self._pause = pause
        self._clock = clock
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"watcher-{n}", daemon=True)
            for n in range(1, size + 1)
        ]

    def start(self) -> None:
        """Take in what was not watched yet, and begin to look."""
        if self._threads:
            count = self._watching.take_in()
            log.info("watching begins", taken_in=count)
        for thread in self._threads:
            thread.start()

    def check(self) -> None:
        """Raise `PermanentError` unless every watcher is there."""
        dead = sum(not thread.is_alive() for thread in self._threads)
        if dead:
            msg = f"{dead} of {len(self._threads)} watchers have ended; restart the service"
            raise PermanentError(msg)

    def stop(self, within: float = 0.0) -> None:
        """Begin no further look, and wait so many seconds for one that has begun.

        What it finds after that is written by itself, or found again.
        """
        self._stop.set()
        for thread in self._threads:
            if within and thread.is_alive():
                thread.join(within)

    def _work(self) -> None:
        outage = Outage("watcher", pause=self._pause, clock=self._clock)
        while not self._stop.is_set():
            self._stop.wait(self._look(outage).total_seconds())

    def _look(self, outage: Outage) -> timedelta:
        """Look once, and return how long to wait before the next look.

        Whatever goes wrong may not cost the watcher, and is tried again.
        """
        try:
            has_looked = self._watching.look_once()
            outage.passed()
        except ImportmgrError as exc:
            return outage.failed(exc)
        except BaseException:
            log.exception("watcher stumbled")
            return self._pause
        return timedelta(0) if has_looked else self._pause
