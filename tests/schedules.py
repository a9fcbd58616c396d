"""When schedules fire, found out in another way: from the offsets of a zone, instant by instant.

Nothing here asks APScheduler or the product. A local time fires at the first instant at which the
clock on the wall has come as far as that time; on a wall that went back, for the first time.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from definitions.model import Frequency, ScheduledTrigger, TimeOfDay

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STEP = 6 * 3600  # no zone changes its offset and changes it back within it
DAY = 86_400


def schedule(
    frequency: str,
    *times: tuple[int, int],
    zone: str = "Europe/Prague",
    days: Sequence[int] = (),
    minutes: Sequence[int] = (),
    **bounds: datetime,
) -> ScheduledTrigger:
    """Return a schedule; times are (hour, minute)."""
    return ScheduledTrigger(
        frequency=Frequency(frequency),
        times=tuple(TimeOfDay(hour=hour, minute=minute) for hour, minute in sorted(set(times))),
        days=tuple(sorted(set(days))),
        minutes=tuple(sorted(set(minutes))),
        timezone=ZoneInfo(zone),
        from_date=bounds.get("from_date"),
        to_date=bounds.get("to_date"),
    )


@dataclass(frozen=True, slots=True)
class Oracle:
    """The offsets of a zone between two instants: `starts` are seconds since the epoch."""

    low: int
    high: int
    starts: list[int]
    offsets: list[int]

    @classmethod
    def of(cls, zone: ZoneInfo, low: datetime, high: datetime) -> Oracle:
        """Look at a zone's clock again and again."""
        first, last = (low - EPOCH) // SECOND, (high - EPOCH) // SECOND
        starts, offsets = [first - 2 * DAY], [_offset(zone, first - 2 * DAY)]
        for second in range(first - 2 * DAY, last + 2 * DAY, STEP):
            if _offset(zone, second + STEP) != offsets[-1]:
                starts.append(_turn(zone, range(second, second + STEP), offsets[-1]))
                offsets.append(_offset(zone, starts[-1]))
        return cls(first, last, starts, offsets)

    def fires(self, trigger: ScheduledTrigger) -> list[datetime]:
        """Return the instants of a schedule from `low` on and before `high`."""
        hourly = trigger.frequency is Frequency.HOURLY
        seconds = set(self._hourly(trigger) if hourly else self._daily(trigger))
        return [EPOCH + n * SECOND for n in sorted(seconds) if self.low <= n < self.high]

    def turns(self) -> list[datetime]:
        """Return when the clocks change, and `low` itself."""
        return [EPOCH + max(start, self.low) * SECOND for start in self.starts]

    def _hourly(self, trigger: ScheduledTrigger) -> Iterator[int]:
        """Yield every second at which the clock shows a listed minute."""
        ends = [*self.starts[1:], self.high + 2 * DAY]
        for start, end, offset in zip(self.starts, ends, self.offsets, strict=True):
            for minute in trigger.minutes:
                first = start + (minute * 60 - start - offset) % 3600
                yield from range(first, end, 3600)

    def _daily(self, trigger: ScheduledTrigger) -> Iterator[int]:
        for day in range(self.low // DAY - 2, self.high // DAY + 3):
            if _matches(trigger, date(1970, 1, 1) + timedelta(days=day)):
                for time in trigger.times:
                    yield self._reached(day * DAY + time.hour * 3600 + time.minute * 60)

    def _reached(self, wall: int) -> int:
        """Return the first second at which the clock shows this time or a later one."""
        place = max(bisect_right(self.starts, wall - 15 * 3600) - 1, 0)
        ends = [*self.starts[1:], self.high + 9 * DAY]
        while (second := max(self.starts[place], wall - self.offsets[place])) >= ends[place]:
            place += 1
        return second


def _turn(zone: ZoneInfo, seconds: range, offset: int) -> int:
    """Return the first of these seconds that has another offset, else the one behind them."""
    before = bisect_right(seconds, 0, key=lambda second: _offset(zone, second) != offset)
    return seconds.start + before


def _offset(zone: ZoneInfo, second: int) -> int:
    local = (EPOCH + second * SECOND).astimezone(zone).replace(tzinfo=UTC)
    return (local - EPOCH) // SECOND - second


def _matches(trigger: ScheduledTrigger, day: date) -> bool:
    """Tell whether a schedule fires on a day."""
    if trigger.frequency is Frequency.WEEKLY:
        return day.weekday() in trigger.days
    if trigger.frequency is Frequency.MONTHLY:
        last = monthrange(day.year, day.month)[1]
        return day.day in {min(wanted, last) for wanted in trigger.days}
    return True
