"""Local wall-clock times to UTC, a whole column at a time, and where offsets from UTC change.

`zoneinfo` is the only authority on time zones, as it is for schedules; the column engine's own
tables are not used, because they end before the year 2100.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Micros: TypeAlias = npt.NDArray[np.int64]

SECOND = 1_000_000
DAY = 86_400
_FEW_YEARS = 100  # the stretches of so many are made rather than times looked at one by one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOWEST = -62_135_596_800 + 2 * DAY  # seconds: no zone leaves the years 1 to 9999 between these
_HIGHEST = 253_402_300_799 - 2 * DAY


def to_utc(local: Micros, zone: ZoneInfo) -> Micros:
    """Return the UTC microseconds since the epoch of wall-clock microseconds in `zone`.

    A time that the zone skips becomes the first instant after the gap; a time that happens twice
    is its first occurrence. The times must lie in the years 1 to 9999.
    """
    if not local.size:
        return local
    tables = [_year(zone, year) for year in _years(local)]
    starts = np.concatenate([table.starts for table in tables])
    spot = np.searchsorted(starts, local, side="right") - 1
    offset = np.concatenate([table.offsets for table in tables])[spot]
    earliest = np.concatenate([table.earliest for table in tables])[spot]
    utc: Micros = np.maximum(local - offset, earliest)
    return utc


def offset_changes(zone: ZoneInfo, years: range) -> tuple[tuple[int, int], ...]:
    """Return from which second since the epoch on the zone has which offset, in seconds."""
    low, high = (_first_second(year) for year in (years.start, years.stop))
    return tuple((each.earliest, each.offset) for each in _stretches(zone, low, high))


def _years(local: Micros) -> Sequence[int]:
    """Return the years that the times are in, and perhaps some between them."""
    ends = np.array([local.min(), local.max()]).view("M8[us]").astype("M8[Y]").astype(np.int64)
    first, last = ends + 1970
    if last - first <= _FEW_YEARS:
        return range(first, last + 1)
    years = np.unique(local.view("M8[us]").astype("M8[Y]").astype(np.int64)) + 1970
    return [int(year) for year in years]


class _Year(NamedTuple):
    """The stretches of one year: local start, offset from UTC, and first instant in UTC."""

    starts: Micros
    offsets: Micros
    earliest: Micros


class _Stretch(NamedTuple):
    """A time of one offset from UTC, all in seconds."""

    start: int
    offset: int
    earliest: int


@lru_cache(maxsize=20_000)
def _year(zone: ZoneInfo, year: int) -> _Year:
    """Return the stretches that a local year is made of; the first begins with the year."""
    first = _first_second(year)
    end = first + (366 if isleap(year) else 365) * DAY
    stretches = [s for s in _stretches(zone, first - 2 * DAY, end + 2 * DAY) if s.start < end]
    columns = np.array(stretches, dtype=np.int64).T * SECOND
    return _Year(np.maximum(columns[0], first * SECOND), columns[1], columns[2])


def _first_second(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(seconds=1)


def _stretches(zone: ZoneInfo, low: int, high: int) -> Iterator[_Stretch]:
    """Walk from `low` to `high` day by day and yield a stretch for each change of the offset."""
    days = range(max(low, _LOWEST), min(high, _HIGHEST), DAY)
    offsets = [offset_at(zone, day) for day in days]
    yield _Stretch(low, offsets[0], _LOWEST - 4 * DAY)
    for (day, next_day), (before, after) in zip(pairwise(days), pairwise(offsets), strict=True):
        if before != after:
            turn = turn_between(zone, day, next_day)
            yield _Stretch(turn + before, after, turn)


def turn_between(zone: ZoneInfo, low: int, high: int) -> int:
    """Return the first second after `low` whose offset is another than that of `low`."""
    before = offset_at(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def offset_at(zone: ZoneInfo, second: int) -> int:
    """Return the zone's offset from UTC, in seconds, at a second since the epoch."""
    local = (EPOCH + timedelta(seconds=second)).astimezone(zone)
    return (local.utcoffset() or timedelta(0)) // timedelta(seconds=1)
