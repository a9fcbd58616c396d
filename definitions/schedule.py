"""When a schedule fires: the one rule, for previews and for the service alike.

- Daily, weekly, monthly: each listed time fires once on each matching day of the zone's calendar.
  A time that the clocks skip fires at the first instant after the gap, a time that they show twice
  at the first of the two. A day that a month lacks is its last day.
- Hourly: fires whenever the zone's clock shows one of the minutes. That is once in every real hour,
  in an hour that the clocks repeat both times.
- Never twice at one instant, and never outside `from_date` and `to_date`, which are inclusive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

import numpy as np

from definitions.model import Frequency, ScheduledTrigger
from definitions.wallclock import wall_times
from definitions.zones import EPOCH, offset_at, offset_changes, to_utc, turn_between

RULE = 1  # grows with every change of what this module answers
FIRST = datetime(1970, 1, 2, tzinfo=UTC)  # nothing fires up to it, nor from `END` on
END = datetime(9999, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_STAMPED = range(2020, 2050)  # years; zone data says the same for ever after


class Note(StrEnum):
    """What is special about the time at which a schedule fires."""

    GAP = "gap"  # the clocks skip the time that was asked for
    REPEAT = "repeat"  # the clocks show the time twice
    MONTH_END = "month_end"  # the month lacks the day that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """One instant of a schedule.

    `local` is what the zone's clock shows at the instant, `asked` the wall-clock time that the
    schedule asks for. They differ in a gap only.
    """

    at: datetime
    local: datetime
    asked: datetime
    note: Note | None


def with_days(trigger: ScheduledTrigger, created_at: datetime) -> ScheduledTrigger:
    """Return the schedule with its days known: those of its first date, else of its creation."""
    if trigger.days or trigger.frequency in {Frequency.HOURLY, Frequency.DAILY}:
        return trigger
    first = _within(trigger.from_date or created_at).astimezone(trigger.timezone)
    day = first.weekday() if trigger.frequency is Frequency.WEEKLY else first.day
    return replace(trigger, days=(day,))


def fires(trigger: ScheduledTrigger, after: datetime) -> Iterator[Fire]:
    """Yield every instant at which the schedule fires after `after`, in order.

    The days of the schedule must be known: see `with_days`.
    """
    if trigger.from_date is not None:
        after = max(after, trigger.from_date - _INSTANT)
    hourly = trigger.frequency is Frequency.HOURLY
    instants = _hourly(trigger, _within(after)) if hourly else _daily(trigger, _within(after))
    for fire in instants:
        if fire.at >= END or (trigger.to_date is not None and fire.at > trigger.to_date):
            return
        yield fire


def next_fire(trigger: ScheduledTrigger, after: datetime) -> Fire | None:
    """Return the first instant after `after`, or None if the schedule never fires again."""
    return next(fires(trigger, after), None)


@lru_cache(maxsize=1_000)
def stamp(zone: ZoneInfo) -> str:
    """Return a text that changes when instants must be computed anew: rule or zone have changed.

    Of a zone it is the changes of its offset that count, not where its data comes from.
    """
    changes = repr(offset_changes(zone, _STAMPED))
    return f"{RULE}-{sha256(changes.encode()).hexdigest()[:16]}"


def _daily(trigger: ScheduledTrigger, after: datetime) -> Iterator[Fire]:
    """Yield instants of listed times of day."""
    last = after
    for asked in wall_times(trigger, after.astimezone(trigger.timezone).replace(tzinfo=None)):
        at = _first_instant(asked, trigger.timezone)
        if at > last:  # before it are times that the clocks had shown already; equal ones in a gap
            last = at
            yield _fire(trigger, at, asked)


def _hourly(trigger: ScheduledTrigger, after: datetime) -> Iterator[Fire]:
    """Yield instants at which the clock shows one of the minutes, offset by offset."""
    since = after + _INSTANT
    while since < END:
        offset = _offset(trigger.timezone, since)
        wall = (since + offset).replace(tzinfo=None) - _INSTANT
        for asked in wall_times(trigger, wall):
            at = asked.replace(tzinfo=UTC) - offset
            if at >= END or _offset(trigger.timezone, at) != offset:
                since = _turn(trigger.timezone, since, at)
                break
            yield _fire(trigger, at, asked)
            since = at + _INSTANT


def _fire(trigger: ScheduledTrigger, at: datetime, asked: datetime) -> Fire:
    local = at.astimezone(trigger.timezone)
    note = None
    if local.replace(tzinfo=None) != asked:
        note = Note.GAP
    elif local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        note = Note.REPEAT
    elif trigger.frequency is Frequency.MONTHLY and asked.day not in trigger.days:
        note = Note.MONTH_END
    return Fire(at=at, local=local, asked=asked, note=note)


def _first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant at which the clock shows the time, or has skipped it."""
    micros = (wall.replace(tzinfo=UTC) - EPOCH) // _INSTANT
    return EPOCH + timedelta(microseconds=int(to_utc(np.array([micros]), zone)[0]))


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return timedelta(seconds=offset_at(zone, (at - EPOCH) // _SECOND))


def _turn(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first instant after `low` that has another offset from UTC."""
    seconds = turn_between(zone, (low - EPOCH) // _SECOND, (high - EPOCH) // _SECOND)
    return EPOCH + timedelta(seconds=seconds)


def _within(instant: datetime) -> datetime:
    return min(max(instant, FIRST), END)
