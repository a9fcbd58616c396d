from __future__ import annotations

from datetime import datetime

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given

from definitions.forms import forms
from definitions.model import Notation
from definitions.no_such_day import missing_part
from definitions.text_column import TextColumn
from definitions.walls import walls
from definitions.written import AS_THE_CONTRACT_HAS_IT, DateOrder, Written, as_said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-02-30", "there is no day 30 in 2026-02: use 01 to 28"),
        ("2024-02-30", "there is no day 30 in 2024-02: use 01 to 29"),
        ("31.4.2026", "there is no day 31 in 2026-04: use 01 to 30"),
        ("2026-01-00", "there is no day 00 in 2026-01: use 01 to 31"),
        ("0000-01-01", "there is no year 0000: use 0001 to 9999"),
        ("2026/13/01 10:00", "there is no month 13: use 01 to 12"),
        ("2026-01-01 10:60", "there is no minute 60: use 00 to 59"),
        ("2016-12-31T23:59:60Z", "there is no second 60: use 00 to 59"),
        ("1.1.2026 13:00 PM", "there is no hour 13 PM: use 1 to 12"),
        ("2026-01-01 10:00", None),
        ("next Monday", None),
    ],
)
def test_what_does_not_exist_is_named(text: str, told: str | None) -> None:
    assert missing_part(text, AS_THE_CONTRACT_HAS_IT, timed=True) == told


def test_a_day_is_looked_for_as_its_column_is_written() -> None:
    told = "there is no day 31 in 2026-02: use 01 to 28"
    said = as_said(Notation(format="dd/MM/yyyy"))
    assert missing_part("31/02/2026", said, timed=False) == told
    assert missing_part("31/02/2026", Written(dates=DateOrder.DAY_FIRST), timed=False) == told
    assert missing_part("31/02/2026", AS_THE_CONTRACT_HAS_IT, timed=False) is None


@given(st.datetimes(), st.sampled_from(["%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%Y/%m/%d"]))
def test_nothing_is_missed_in_times_that_there_are(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    if len(text) == len(moment.replace(year=2000).strftime(form)):
        assert missing_part(text, AS_THE_CONTRACT_HAS_IT, timed=True) is None


@given(st.from_regex(r"\A[0-2]0[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]\Z"))
def test_whatever_is_written_so_and_is_no_time_has_a_part_that_is_none(text: str) -> None:
    column = TextColumn.of(pl.Series([text]))
    found = walls(column, forms(AS_THE_CONTRACT_HAS_IT)).found[0]
    assert (missing_part(text, AS_THE_CONTRACT_HAS_IT, timed=True) is None) == found
