"""Days of the calendar as numbers, a whole column at a time.

The calendar is the Gregorian one, carried back to the year 1 and on to 9999.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

import numpy as np

from definitions.arrays import Mask, Numbers

_EPOCH: Final = date(1970, 1, 1).toordinal()
_MOST = 100  # of what two digits may say
_ALL = np.arange(10_000)
_LEAPS = (_ALL % 4 == 0) & ((_ALL % 100 != 0) | (_ALL % 400 == 0))
_FIRST: Final = 366 - date(1, 1, 1).toordinal() + _EPOCH  # days of the year 0, which is a leap year
_YEARS = 365 * _ALL + np.cumsum(_LEAPS) - _LEAPS - _FIRST  # on which day each year begins


def _months(year: int) -> list[int]:
    """Return how many days the months have, by number; none where there is no such month."""
    lengths = [monthrange(year, month)[1] for month in range(1, 13)]
    return [0, *lengths, *([0] * (_MOST - 1 - len(lengths)))]


_LENGTHS = np.array([*_months(2023), *_months(2024)])  # an ordinary year, and a leap year
_STARTS = np.array([sum(_months(year)[:month]) for year in (2023, 2024) for month in range(_MOST)])


def calendar_days(year: Numbers, month: Numbers, day: Numbers) -> tuple[Numbers, Mask]:
    """Return the days since 1970-01-01, and which of them there are in the calendar.

    Years must have at most four digits, months at most two.
    """
    place = month + _MOST * _LEAPS[year]
    exists = (day > 0) & (day <= _LENGTHS[place]) & (year > 0)
    return _YEARS[year] + _STARTS[place] + day - 1, exists
