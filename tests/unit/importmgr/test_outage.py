"""An outage is told of twice, and waited out ever more patiently."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.errors import StoreBusyError
from importmgr.outage import LONGEST, Outage
from tests.clocks import HandClock
from tests.stores import NOW

AWAY = StoreBusyError("the database is away")


def outage(pause: timedelta = timedelta(seconds=1)) -> tuple[Outage, HandClock]:
    clock = HandClock(NOW)
    return Outage("executor", pause=pause, clock=clock), clock


def test_waits_grow_up_to_a_limit_and_begin_anew() -> None:
    away, _ = outage()

    pauses = [away.failed(AWAY) for _ in range(100)]
    away.passed()

    assert [each.total_seconds() for each in pauses[:4]] == [1, 2, 4, 5]
    assert set(pauses[3:]) == {LONGEST}
    assert away.failed(AWAY) == timedelta(seconds=1)


def test_a_loop_that_is_slow_by_itself_does_not_become_faster() -> None:
    away, _ = outage(timedelta(minutes=1))

    assert [away.failed(AWAY) for _ in range(2)] == [timedelta(minutes=1)] * 2


def test_the_log_has_one_line_at_the_beginning_and_one_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    away, clock = outage()

    away.passed()
    for _ in range(5):
        away.failed(AWAY)
        clock.move(2)
    away.passed()
    away.passed()

    held_up, goes_on = (str(record.msg) for record in caplog.records)
    assert "'loop held up'" in held_up
    assert "'the database is away'" in held_up
    assert "'loop goes on'" in goes_on
    assert "'failures': 5" in goes_on
    assert "'seconds': 10" in goes_on
