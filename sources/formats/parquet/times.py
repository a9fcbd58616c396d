"""Times of day that polars does not read: what a day does not have is no value there.

Databases know 24:00:00, as the end of opening hours. That there are such times is seen in what the
writer of a file tells of the least and the greatest value of a column, which nearly all do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_OLD_KIND, _KIND, _UNIT = 6, 10, 2  # of a column, and of its kind
_TIME, _OLD_UNITS = 7, {7: 1, 8: 2}  # kinds; writers tell that of old, with its unit, or both
_SECONDS = 86_400  # of a day
_PER_SECOND = {1: 10**3, 2: 10**6, 3: 10**9}  # by unit
_CHUNKS, _ABOUT, _STATISTICS = 1, 3, 12  # of a group of rows, of a part of a column
_GREATEST, _LEAST = (5, 1), (6, 2)  # the second one as it was of old

_Element = Mapping[int, Any]


def day_of(element: _Element) -> int:
    """Return how much a day is in the unit of a column of times, 0 for any other column."""
    unit = _OLD_UNITS.get(element.get(_OLD_KIND, 0), 0)
    kind = element.get(_KIND, {}).get(_TIME)
    if kind is not None:
        unit = next(iter(kind.get(_UNIT, {})), unit)
    return _SECONDS * _PER_SECOND.get(unit, 0)


def late_columns(groups: Iterable[_Element], days: Sequence[int]) -> set[int]:
    """Return which columns of times have some that no day has; `days` has 0 for other columns."""
    late = set[int]()
    for group in groups:
        for column, (day, chunk) in enumerate(zip(days, group.get(_CHUNKS, ()), strict=False)):
            if day and _has_late(chunk.get(_ABOUT, {}).get(_STATISTICS, {}), day):
                late.add(column)
    return late


def _has_late(statistics: _Element, day: int) -> bool:
    greatest, least = (_number(statistics, fields) for fields in (_GREATEST, _LEAST))
    return greatest >= day or least < 0


def _number(statistics: _Element, fields: Sequence[int]) -> int:
    """Return the first of these values that there is, 0 if there is none."""
    found = next((statistics[field] for field in fields if field in statistics), b"")
    return int.from_bytes(found, "little", signed=True)
