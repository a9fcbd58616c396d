from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from definitions.days import calendar_days


@given(days=st.lists(st.dates(), min_size=1))
def test_every_day_of_the_calendar_has_its_number(days: list[date]) -> None:
    parts = np.array([(day.year, day.month, day.day) for day in days]).T

    numbers, exists = calendar_days(*parts)

    assert exists.all()
    assert [date(1970, 1, 1) + timedelta(days=int(number)) for number in numbers] == days


@given(year=st.integers(0, 9999), month=st.integers(0, 99), day=st.integers(0, 99))
def test_there_are_no_other_days(year: int, month: int, day: int) -> None:
    _, exists = calendar_days(np.array([year]), np.array([month]), np.array([day]))

    assert bool(exists[0]) is is_day(year, month, day)


def is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
