"""What is announced rings the bell, over one connection or another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from definitions.errors import StoreBusyError
from importmgr.clock import SystemClock
from importmgr.executing.bell import Bell
from importmgr.executing.listener import Listener
from tests.product import wait_until


class CountingBell(Bell):
    """Counts."""

    def __init__(self) -> None:
        super().__init__()
        self.rings = 0

    def ring(self) -> None:
        """Count."""
        self.rings += 1


class Line:
    """A connection on which a test says something, or which breaks."""

    def __init__(self) -> None:
        self.said = threading.Semaphore(0)
        self.error: BaseException | None = None
        self.opened = 0

    @contextmanager
    def open(self) -> Iterator[Callable[[float], bool]]:
        """Listen."""
        self.opened += 1
        yield self._wait

    def _wait(self, seconds: float) -> bool:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return self.said.acquire(timeout=min(seconds, 0.02))


def test_each_announcement_rings_until_it_is_stopped() -> None:
    bell, line = CountingBell(), Line()
    listener = Listener(line.open, bell, clock=SystemClock())

    listener.start()
    wait_until(lambda: bell.rings == 1)  # for what was said before
    line.said.release()
    wait_until(lambda: bell.rings == 2)
    listener.stop(within=10)
    line.said.release()

    assert bell.rings == 2


@pytest.mark.parametrize("error", [StoreBusyError("gone"), ValueError("no")])
def test_a_connection_that_breaks_is_made_anew_and_rings_for_what_was_missed(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importmgr.executing.listener.PAUSE", timedelta(milliseconds=10))
    bell, line = CountingBell(), Line()
    listener = Listener(line.open, bell, clock=SystemClock())
    listener.start()
    wait_until(lambda: bell.rings == 1)

    line.error = error

    wait_until(lambda: bell.rings == 2)
    assert line.opened == 2
    listener.stop(within=10)
