"""The thread that hears of runs which other processes have queued."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from definitions.errors import ImportmgrError
from importmgr.log import get_logger
from importmgr.outage import Outage

if TYPE_CHECKING:
    from importmgr.clock import Clock
    from importmgr.executing.bell import Bell

log = get_logger(__name__)

LOOK_UP_SECONDS = 2.0  # between two looks whether to stop
PAUSE = timedelta(seconds=0.5)  # before a broken connection is made anew

Listening: TypeAlias = Callable[[], AbstractContextManager[Callable[[float], bool]]]


class Listener:
    """Rings the bell for what is announced; a connection that breaks is made anew."""

    def __init__(self, listening: Listening, bell: Bell, *, clock: Clock) -> None:
        """Take what opens a connection to listen on, and what to ring."""
        self._listening = listening
        self._bell = bell
        self._outage = Outage("listener", pause=PAUSE, clock=clock)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self, within: float = 0.0) -> None:
        """Listen no more; wait so long for the connection to be closed."""
        self._stop.set()
        if within and self._thread.is_alive():
            self._thread.join(within)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(self._listen().total_seconds())

    def _listen(self) -> timedelta:
        """Listen until told to stop, or until the connection breaks; return how long to wait then.

        What was announced while nobody listened is made up for by one look.
        """
        try:
            with self._listening() as wait:
                self._outage.passed()
                self._bell.ring()
                while not self._stop.is_set():
                    if wait(LOOK_UP_SECONDS):
                        self._bell.ring()
        except ImportmgrError as exc:
            return self._outage.failed(exc)
        except BaseException:
            log.exception("listener stumbled")
            return PAUSE
        return timedelta(0)
