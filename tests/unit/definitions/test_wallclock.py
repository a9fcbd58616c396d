"""Wall-clock times: in order, each once, whatever the number of rules they come from."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from definitions.model import ScheduledTrigger
from definitions.wallclock import wall_times
from tests.schedules import schedule

START = datetime(2027, 2, 26)  # noqa: DTZ001 - of the wall


def shown(trigger: ScheduledTrigger, count: int, after: datetime = START) -> list[str]:
    """Return the next times as text."""
    return [f"{time:%a %m-%d %H:%M}" for time in islice(wall_times(trigger, after), count)]


def test_times_of_different_minutes_come_in_order() -> None:
    trigger = schedule("daily", (8, 15), (20, 0), (8, 0), (23, 15))

    assert shown(trigger, 5) == [
        "Fri 02-26 08:00",
        "Fri 02-26 08:15",
        "Fri 02-26 20:00",
        "Fri 02-26 23:15",
        "Sat 02-27 08:00",
    ]


def test_the_time_one_looks_from_is_not_among_them() -> None:
    midnight = schedule("daily", (0, 0))

    assert shown(midnight, 1) == ["Sat 02-27 00:00"]
    assert shown(midnight, 1, START.replace(microsecond=1)) == ["Sat 02-27 00:00"]


def test_monday_is_day_0() -> None:
    assert shown(schedule("weekly", (6, 0), days=[0, 6]), 3) == [
        "Sun 02-28 06:00",
        "Mon 03-01 06:00",
        "Sun 03-07 06:00",
    ]


def test_days_that_meet_at_the_end_of_a_month_are_one() -> None:
    assert shown(schedule("monthly", (6, 0), days=[28, 30, 31]), 5) == [
        "Sun 02-28 06:00",
        "Sun 03-28 06:00",
        "Tue 03-30 06:00",
        "Wed 03-31 06:00",
        "Wed 04-28 06:00",
    ]


def test_hourly_has_every_listed_minute() -> None:
    assert shown(schedule("hourly", minutes=[45, 5]), 3) == [
        "Fri 02-26 00:05",
        "Fri 02-26 00:45",
        "Fri 02-26 01:05",
    ]


def test_a_rule_ends_with_the_calendar() -> None:
    last = datetime(9999, 12, 31, 22)  # noqa: DTZ001 - of the wall

    assert shown(schedule("daily", (23, 0)), 3, last) == ["Fri 12-31 23:00"]
