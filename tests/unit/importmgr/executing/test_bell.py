"""One ring wakes one, whoever waits or will wait."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from importmgr.executing.bell import Bell
from tests.product import wait_until

LONG = timedelta(seconds=30)


class Waiters:
    """Threads that wait for the bell once, and what became of them."""

    def __init__(self, bell: Bell, count: int) -> None:
        self.stop = threading.Event()
        self.woken = 0
        self._bell = bell
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._wait, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _wait(self) -> None:
        self._bell.wait(LONG, self.stop)
        with self._lock:
            self.woken += 1


def test_a_ring_wakes_one_and_the_next_ring_the_next() -> None:
    bell = Bell()
    waiters = Waiters(bell, 3)
    time.sleep(0.05)

    bell.ring()
    wait_until(lambda: waiters.woken == 1)
    time.sleep(0.05)
    assert waiters.woken == 1

    bell.ring()
    wait_until(lambda: waiters.woken == 2)


def test_a_ring_that_nobody_waits_for_is_heard_by_the_next_once() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()

    waiters = Waiters(bell, 2)

    wait_until(lambda: waiters.woken == 1)
    time.sleep(0.05)
    assert waiters.woken == 1


def test_all_wake_to_stop() -> None:
    bell = Bell()
    waiters = Waiters(bell, 3)
    time.sleep(0.05)

    waiters.stop.set()
    bell.wake_all()

    wait_until(lambda: waiters.woken == 3)
