from __future__ import annotations

from datetime import timedelta

from importmgr.clock import Clock, SystemClock


def test_the_time_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_durations_never_run_backwards_and_sleeping_takes_time() -> None:
    clock: Clock = SystemClock()
    before = clock.monotonic()

    clock.sleep(0.01)

    assert clock.monotonic() - before >= 0.01


def test_a_negative_sleep_is_none() -> None:
    SystemClock().sleep(-1)
