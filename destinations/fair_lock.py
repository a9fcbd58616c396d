"""A lock within one process that is given in the order of asking."""

from __future__ import annotations

import threading
from collections import deque


class FairLock:
    """Held by one at a time; whoever waits longest gets it next.

    SQLite lets waiting writers try again at moments of its own choice, so that one who writes
    without pause keeps all others out; their leases would run out meanwhile.
    """

    def __init__(self) -> None:
        """Begin with nobody who holds it."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, within: float) -> bool:
        """Wait for the lock for some seconds; tell whether it is ours."""
        mine = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(mine)
        return mine.wait(within) or not self._leave(mine)

    @property
    def is_awaited(self) -> bool:
        """Tell whether somebody waits."""
        return bool(self._waiting)

    def give(self) -> None:
        """Hand the lock to whoever is next, or free it."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _leave(self, mine: threading.Event) -> bool:
        """Give up waiting; False if the lock came at that very moment."""
        with self._guard:
            if mine.is_set():
                return False
            self._waiting.remove(mine)
            return True
