"""Several executors in one process."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from definitions.errors import PermanentError
from importmgr.log import get_logger

if TYPE_CHECKING:
    from importmgr.executing.executor import Executor

log = get_logger(__name__)


class ExecutorPool:
    """Runs an executor in each of `size` threads until stopped."""

    def __init__(self, executor: Executor, size: int) -> None:
        """Take what works and how many runs may be worked off at once."""
        self._bell = executor.bell
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=executor.work, args=[self._stop], name=f"executor-{n}", daemon=True
            )
            for n in range(1, size + 1)
        ]

    def start(self) -> None:
        """Begin to claim runs."""
        for thread in self._threads:
            thread.start()

    def check(self) -> None:
        """Raise `PermanentError` unless every executor is there."""
        dead = sum(not thread.is_alive() for thread in self._threads)
        if dead:
            msg = f"{dead} of {len(self._threads)} executors have ended; restart the service"
            raise PermanentError(msg)

    def stop(self, within: float) -> bool:
        """Claim no more, let each run finish its batch; tell whether all did `within` seconds.

        A run that did not keeps its lease until that expires; then another attempt takes over at
        its last checkpoint.
        """
        self._stop.set()
        self._bell.wake_all()
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        late = [thread.name for thread in self._threads if thread.is_alive()]
        if late:
            log.warning("executors did not stop in time", executors=late)
        return not late
