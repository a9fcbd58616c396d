from __future__ import annotations

import pytest

from definitions.forms import CLEAR, DAY_FIRST, ISO, MONTH_FIRST, forms, has_clock, orders
from definitions.patterns import pattern_of
from definitions.written import DateOrder, Written

DAY, MONTH = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "timed", "known"),
    [
        ("31/12/2026", False, (DAY,)),
        ("12/31/2026", False, (MONTH,)),
        ("1-2-2026", False, (DAY, MONTH)),
        ("1/2-2026", False, ()),
        ("31/31/2026", False, ()),
        ("29/2/2023", False, ()),
        ("1/2/26", False, ()),
        ("1.2.2026", False, ()),
        ("2026/1/2", False, ()),
        ("1/2/2026 14:05", True, (DAY, MONTH)),
        ("1/2/2026 14:05", False, ()),
        ("1/2/2026 0:00:00", False, (DAY, MONTH)),
        ("1/2/2026 12:00 AM", False, (DAY, MONTH)),
        ("1/2/2026 12:00 PM", False, ()),
        ("1/2/2026 0:00:00.01", False, ()),
        ("1/2/2026 0:00Z", False, ()),
        ("1/2/2026 24:05", True, ()),
        ("1/2/2026, 12:05 pm", True, (DAY, MONTH)),
        ("1/2/2026 13:05 PM", True, ()),
    ],
)
def test_the_orders_of_a_text_are_those_in_which_it_is_a_day(
    text: str, known: tuple[DateOrder, ...], *, timed: bool
) -> None:
    assert orders(text, timed=timed) == known


def test_a_time_of_day_is_seen_behind_a_date_of_a_known_form() -> None:
    assert has_clock("2026-02-01 14:05", Written())
    assert not has_clock("2026-02-01", Written())
    assert not has_clock("1/2/2026 14:05", Written())
    assert has_clock("1/2/2026 14:05", Written(dates=DAY))


def test_a_pattern_leaves_iso_8601_beside_it_and_nothing_else() -> None:
    said, turned = pattern_of("%d/%m/%Y"), pattern_of("%Y-%d-%m")

    assert forms(Written()) == (ISO, *CLEAR)
    assert forms(Written(dates=DAY)) == (ISO, *CLEAR, *DAY_FIRST)
    assert forms(Written(dates=MONTH)) == (ISO, *CLEAR, *MONTH_FIRST)
    assert forms(Written(pattern=said)) == (ISO, said.regex)
    assert forms(Written(pattern=turned)) == (turned.regex,)
    assert forms(Written(pattern=turned, always_iso=True)) == (ISO, turned.regex)
