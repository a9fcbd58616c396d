"""Prefetching: order, errors and the end of the producer's thread."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import ShutdownError
from importmgr.executing.prefetch import prefetch


@given(items=st.lists(st.integers(), max_size=50), ahead=st.integers(1, 5))
def test_every_item_arrives_once_and_in_order(items: list[int], ahead: int) -> None:
    assert list(prefetch(iter(items), ahead)) == items


def test_the_producer_works_while_the_consumer_holds_an_item() -> None:
    second_made = threading.Event()

    def produce() -> Iterator[int]:
        yield 1
        second_made.set()
        yield 2

    items = prefetch(produce(), 2)
    next(items)
    assert second_made.wait(5)
    items.close()


@pytest.mark.parametrize("ahead", [1, 3])
def test_only_so_many_items_are_made_ahead(ahead: int) -> None:
    made: list[int] = []

    def produce() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    items = prefetch(produce(), ahead)
    assert (next(items), next(items)) == (0, 1)
    _wait_until(lambda: len(made) == 2 + ahead)
    time.sleep(0.05)
    assert len(made) == 2 + ahead
    items.close()


def test_closing_closes_the_producer_in_its_own_thread() -> None:
    closed_in: list[str] = []

    def produce() -> Iterator[int]:
        try:
            yield from itertools.count()
        finally:
            closed_in.append(threading.current_thread().name)

    items = prefetch(produce(), 1)
    next(items)
    items.close()
    assert closed_in == ["prefetch"]


def test_an_error_of_the_producer_is_raised_after_what_came_before_it() -> None:
    def produce() -> Iterator[int]:
        yield 1
        msg = "the file ends here"
        raise ValueError(msg)

    items = prefetch(produce(), 2)
    assert next(items) == 1
    with pytest.raises(ValueError, match="the file ends here"):
        next(items)


def test_closing_ends_the_thread_although_the_producer_has_more() -> None:
    threads: set[threading.Thread] = set()

    def produce() -> Iterator[int]:
        while True:
            threads.add(threading.current_thread())
            yield 1

    items = prefetch(produce(), 1)
    next(items)
    items.close()
    assert [thread.is_alive() for thread in threads] == [False]


def test_whoever_waits_for_a_slow_producer_can_be_stopped() -> None:
    asked: list[int] = []
    release, ended = threading.Event(), threading.Event()

    def produce() -> Iterator[int]:
        yield 1
        release.wait(60)
        ended.set()

    def stop_at_the_third_time() -> None:
        asked.append(1)
        if len(asked) == 3:
            msg = "the service is stopping"
            raise ShutdownError(msg)

    items = prefetch(produce(), 1, stop_at_the_third_time)
    assert next(items) == 1
    with pytest.raises(ShutdownError):
        next(items)
    stopped_before_its_end = not ended.is_set()
    release.set()

    assert stopped_before_its_end


def test_a_producer_in_the_middle_of_an_item_is_left_behind_with_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    began_second, release, ended = (threading.Event() for _ in range(3))

    def produce() -> Iterator[int]:
        yield 1
        began_second.set()
        release.wait(60)
        ended.set()
        yield 2

    items = prefetch(produce(), 1)
    next(items)
    assert began_second.wait(5)
    items.close()
    closed_before_its_end = not ended.is_set()
    release.set()

    assert closed_before_its_end
    assert "reader left behind" in caplog.text
    assert ended.wait(5)


def _wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done() and time.monotonic() < deadline:
        time.sleep(0.005)
