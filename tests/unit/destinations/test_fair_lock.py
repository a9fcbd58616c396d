from __future__ import annotations

import threading
import time

from destinations.fair_lock import FairLock


def test_it_is_had_at_once_and_a_second_time_only_when_it_is_given_back() -> None:
    lock = FairLock()

    assert lock.take(within=0)
    assert not lock.take(within=0.01)
    lock.give()
    assert lock.take(within=0)


def test_it_is_given_in_the_order_of_asking() -> None:
    lock, came = FairLock(), []
    assert lock.take(within=0)

    def ask(name: int) -> None:
        assert lock.take(within=10)
        came.append(name)
        lock.give()

    threads = [threading.Thread(target=ask, args=[name]) for name in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(lock._waiting) < waiting:
            time.sleep(0.001)
    lock.give()
    for thread in threads:
        thread.join(10)

    assert came == [0, 1, 2, 3, 4]


def test_who_gave_up_waiting_is_passed_over() -> None:
    lock = FairLock()
    lock.take(within=0)
    assert not lock.take(within=0.01)
    lock.give()

    assert lock.take(within=0)
