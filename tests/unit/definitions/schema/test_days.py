from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.schema.days import (
    WEEKDAYS,
    monthday_problems,
    repeats,
    weekday_number,
    weekday_problems,
)


@pytest.mark.parametrize("number", range(7))
def test_a_weekday_has_one_number_however_it_is_written(number: int) -> None:
    name = WEEKDAYS[number]

    assert {weekday_number(day) for day in (number, name, name.upper(), name.title())} == {number}


@pytest.mark.parametrize("day", [-1, 7, "mon", "", " monday"])
def test_anything_else_is_no_weekday(day: str | int) -> None:
    assert weekday_number(day) is None


def test_a_misspelt_weekday_is_answered_with_the_right_one() -> None:
    assert weekday_problems(["tusday"]) == {
        0: [
            (
                "must be a weekday such as 'monday', or 0 (Monday) to 6, not 'tusday'; "
                "did you mean 'tuesday'?"
            )
        ]
    }


def test_a_weekday_may_come_once_however_it_is_written() -> None:
    assert weekday_problems(["Monday", 1, 0]) == {2: ["repeats element 0; give each one once"]}


def test_a_name_is_no_day_of_the_month() -> None:
    assert monthday_problems([31, "monday", 32]) == {
        1: ["must be a day of the month from 1 to 31, not 'monday'"],
        2: ["must be a day of the month from 1 to 31, not 32"],
    }


@pytest.mark.parametrize("day", [None, True, 1.5, [], {}])
def test_what_the_field_refuses_is_not_refused_twice(day: object) -> None:
    assert weekday_problems([day]) == {}
    assert monthday_problems([day]) == {}


@given(numbers=st.lists(st.integers(0, 9) | st.none()))
def test_every_number_after_its_first_is_a_repeat(numbers: list[int | None]) -> None:
    known = [number for number in numbers if number is not None]

    assert len(repeats(numbers)) == len(known) - len(set(known))
