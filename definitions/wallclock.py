"""APScheduler triggers that compute on the clock on the wall, where no hour is missing or twice.

Their time zone is UTC, which stands for the wall: what they are given and what they return are
wall-clock times in disguise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import groupby
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from definitions.model import Frequency, ScheduledTrigger, TimeOfDay

_INSTANT = timedelta(microseconds=1)
_MONTHS = {  # by how many days they have; February is the one that may have another one
    31: "1,3,5,7,8,10,12",
    30: "4,6,9,11",
    28: "2",
}


def wall_times(trigger: ScheduledTrigger, after: datetime) -> Iterator[datetime]:
    """Yield the naive wall-clock times of a schedule after a naive one, in order, each once.

    Its days must be known; its bounds are not looked at.
    """
    rules = _rules(trigger.frequency, trigger.times, trigger.days, trigger.minutes)
    for time, _ in groupby(merge(*(_times(rule, after) for rule in rules))):
        yield time


def _times(rule: Any, after: datetime) -> Iterator[datetime]:  # noqa: ANN401 - without types
    """Yield the times of one rule."""
    now: datetime | None = after.replace(tzinfo=UTC)
    while now is not None and (now := rule.get_next_fire_time(None, now + _INSTANT)) is not None:
        yield now.replace(tzinfo=None)


@lru_cache(maxsize=10_000)
def _rules(
    frequency: Frequency,
    times: tuple[TimeOfDay, ...],
    days: tuple[int, ...],
    minutes: tuple[int, ...],
) -> tuple[Any, ...]:
    """Return the triggers that together fire at all of these."""
    dates: list[dict[str, str]] = [{}]
    match frequency:
        case Frequency.HOURLY:
            return (_cron(minute=_listed(minutes)),)
        case Frequency.DAILY:
            pass
        case Frequency.WEEKLY:
            dates = [{"day_of_week": _listed(days)}]
        case Frequency.MONTHLY:
            dates = _dates(days)
    return tuple(_cron(**date, **clock) for date in dates for clock in _clocks(times))


def _dates(days: tuple[int, ...]) -> list[dict[str, str]]:
    """Return days of months by the length of the month; a day that one lacks is its last."""
    if max(days) <= min(_MONTHS):
        return [{"day": _listed(days)}]
    return [{"month": months, "day": _days(length, days)} for length, months in _MONTHS.items()]


def _days(length: int, days: tuple[int, ...]) -> str:
    there = [str(day) for day in days if day <= length]
    last = ["last"] if len(there) < len(days) else []
    return ",".join([*there, *last])


def _clocks(times: Iterable[TimeOfDay]) -> Iterator[dict[str, str]]:
    """Gather times of day into few rules: minutes that have the same hours go together."""
    hours: dict[int, set[int]] = defaultdict(set)
    for time in times:
        hours[time.minute].add(time.hour)
    minutes: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for minute, of in hours.items():
        minutes[tuple(sorted(of))].append(minute)
    for same, several in minutes.items():
        yield {"hour": _listed(same), "minute": _listed(several)}


def _cron(**parts: str) -> Any:  # noqa: ANN401 - the library has no types
    return CronTrigger(timezone=UTC, **parts)


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
