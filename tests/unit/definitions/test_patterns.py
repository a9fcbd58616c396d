from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.patterns import PatternError, pattern_of, pattern_problem


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("%d.%m.%Y", "%d.%m.%Y"),
        (" %Y%m%d%H%M%S ", "%Y%m%d%H%M%S"),
        ("dd.MM.yyyy", "%d.%m.%Y"),
        ("dd.mm.yyyy", "%d.%m.%Y"),
        ("yyyy-MM-dd HH:mm", "%Y-%m-%d %H:%M"),
        ("YYYY-MM-DD HH:MM:SS", "%Y-%m-%d %H:%M:%S"),
        ("d/M/yy", "%d/%m/%y"),
        ("M/d/yyyy h:mm a", "%m/%d/%Y %I:%M %p"),
        ("M/d/yyyy h:mm AM/PM", "%m/%d/%Y %I:%M %p"),
        ("h:mm dd.MM.yyyy", "%H:%M %d.%m.%Y"),
        ("HH mm:ss dd.MM.yyyy", "%H %M:%S %d.%m.%Y"),
        ("mm:ss HH dd.MM.yyyy", "%M:%S %H %d.%m.%Y"),
        ("MMM d, yyyy", "%b %d, %Y"),
        ("d MMMM yyyy", "%d %B %Y"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "%Y-%m-%dT%H:%M:%S.%f%z"),
        ("yyyy-MM-ddTHH:mm:ssZ", "%Y-%m-%dT%H:%M:%S%z"),
        ("dd.MM.yyyy 'um' HH:mm", "%d.%m.%Y um %H:%M"),
    ],
)
def test_letters_and_codes_are_two_spellings_of_one_pattern(text: str, codes: str) -> None:
    pattern = pattern_of(text)

    assert pattern.text == codes
    assert pattern_of(codes) == pattern


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("%e.%m.%Y", "must not have '%e'; did you mean '%d'?"),
        ("%-d.%m.%Y", "must not have '%-d'; did you mean '%d'?"),
        ("%D/%M/%Y", "must not have '%D'; did you mean '%d'?"),
        ("%F %T", "must not have '%F'; did you mean '%Y-%m-%d'?"),
        ("%d.%m.%Y %", "must not have '%'; use one of %d %m %b %B %Y %y %H %I %M %S %f %p %z"),
        ("%q", "must not have '%q'; use one of %d %m %b %B %Y %y %H %I %M %S %f %p %z"),
        ("dd.MM.jjjj", "must not have 'jjjj'; use letters such as 'yyyy-MM-dd HH:mm'"),
        ("dddd dd.MM.yyyy", "must not have 'dddd'; use letters such as 'yyyy-MM-dd HH:mm'"),
        ("dd.MM.yyyy um HH", "must not have 'u'; use letters such as 'yyyy-MM-dd HH:mm'"),
        ("dd.MM", "must have a year, as '%d.%m.%Y' and 'dd.MM.yyyy' do"),
        ("", "must have a day, as '%d.%m.%Y' and 'dd.MM.yyyy' do"),
        ("%d.%m.%Y %y", "must have the year once"),
        ("%d.%m.%Y %M", "must have the hour where there is %M"),
        ("%d.%m.%Y %H:%S", "must have the minute where there is %S"),
        ("%d.%m.%Y %I:%M", "must have the half of the day where there is %I"),
        ("%d.%m.%Y %H:%M %p", "must have %I, not %H, where there is %p"),
        ("%H:%M:%S.%f%d.%m.%Y", "must not have digits behind %f"),
    ],
)
def test_what_is_no_pattern_is_told_with_its_remedy(text: str, said: str) -> None:
    assert pattern_problem(text) == said
    with pytest.raises(PatternError, match=re.escape(said)):
        pattern_of(text)


@pytest.mark.parametrize(
    ("text", "cell", "fits"),
    [
        ("%d.%m.%Y", "1.2.2024", True),
        ("%d.%m.%Y", "1.2.24", False),
        ("%d.%m.%Y", "1x2x2024", False),
        ("%Y%m%d", "20240102", True),
        ("%Y%m%d", "2024012", False),
        ("%d1%m %Y", "011 2024", False),
        ("%d %b %Y", "1 FEB 2024", True),
        ("%d %b %Y", "1 Febr 2024", False),
        ("%d.%m.%Y %I %p", "1.2.2024 2 Pm", True),
    ],
)
def test_a_number_may_lack_its_zero_where_it_touches_no_other(
    text: str, cell: str, *, fits: bool
) -> None:
    assert bool(re.fullmatch(pattern_of(text).regex, cell)) is fits


@given(
    moment=st.datetimes(min_value=datetime(1969, 1, 1), max_value=datetime(2068, 12, 31)),  # noqa: DTZ001
    form=st.sampled_from(
        ["%d.%m.%Y %H:%M:%S", "%y%m%d %H%M", "%I:%M %p %d %B %Y", "%b/%d/%Y %H:%M:%S.%f"]
    ),
)
def test_what_python_writes_is_of_its_pattern(moment: datetime, form: str) -> None:
    assert re.fullmatch(pattern_of(form).regex, moment.strftime(form))


def test_a_pattern_knows_its_time_and_whether_iso_8601_can_stand_beside_it() -> None:
    found = [pattern_of(text) for text in ("%d.%m.%Y", "%Y-%d-%m", "%Y-%m-%d %H:%M")]

    assert [pattern.timed for pattern in found] == [False, False, True]
    assert [pattern.beside_iso for pattern in found] == [True, False, True]
