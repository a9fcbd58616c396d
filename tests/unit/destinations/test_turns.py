"""Turns: one at a time, in the order of asking."""

from __future__ import annotations

import threading
import time

from destinations.turns import Turns


def test_the_first_turn_is_had_at_once_and_the_second_only_after_it() -> None:
    turns = Turns()

    assert turns.take(within=0)
    assert not turns.take(within=0.01)
    turns.give()
    assert turns.take(within=0)


def test_turns_come_in_the_order_of_asking() -> None:
    turns, came = Turns(), []
    assert turns.take(within=0)

    def ask(name: int) -> None:
        assert turns.take(within=10)
        came.append(name)
        turns.give()

    threads = [threading.Thread(target=ask, args=[name]) for name in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(turns._waiting) < waiting:
            time.sleep(0.001)
    turns.give()
    for thread in threads:
        thread.join(10)

    assert came == [0, 1, 2, 3, 4]


def test_who_gave_up_waiting_is_passed_over() -> None:
    turns = Turns()
    turns.take(within=0)
    assert not turns.take(within=0.01)
    turns.give()

    assert turns.take(within=0)
