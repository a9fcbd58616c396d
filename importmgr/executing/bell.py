"""The bell by which idle executors of a process are woken."""

from __future__ import annotations

import threading
from datetime import timedelta


class Bell:
    """Wakes one of those who wait, or the next who would wait.

    One is enough: whoever finds a run rings for the next before working on it, so as many wake as
    there are runs, and a thousand executors do not ask the database at once for one run.
    """

    def __init__(self) -> None:
        """Begin silent."""
        self._condition = threading.Condition()
        self._has_rung = False

    def ring(self) -> None:
        """Say that there may be work."""
        with self._condition:
            self._has_rung = True
            self._condition.notify()

    def wake_all(self) -> None:
        """Let everybody look whether to stop."""
        with self._condition:
            self._condition.notify_all()

    def wait(self, most: timedelta, stop: threading.Event) -> None:
        """Return when it rings, when it is time to stop, or after `most`."""
        with self._condition:
            self._condition.wait_for(lambda: self._has_rung or stop.is_set(), most.total_seconds())
            self._has_rung = False
