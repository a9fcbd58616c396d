from __future__ import annotations

import math
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import to_excel

from sources.formats.xlsx.values import (
    EPOCH_1900,
    EPOCH_1904,
    Kind,
    kind_of_format,
    shortest,
    text_of_iso,
    text_of_number,
    unescaped,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1", "1"), ("1.0", "1"), ("-0", "0"), ("0.1", "0.1"), ("0.10000000000000001", "0.1"),
        ("1E3", "1000"), ("1.5E-5", "0.000015"), ("-2.50", "-2.5"), ("1E+300", "1e+300"),
        ("100", "100"), ("1200.0", "1200"), ("123456789012345678", "123456789012345678"),
        ("4.9406564584124654E-324", "5e-324"), ("nonsense", None), ("1,5", None), ("INF", None),
        ("1E400", None), ("-1e999", None), ("NaN", None),
    ],
)  # fmt: skip
def test_numbers_are_as_short_as_they_can_be(raw: str, text: str | None) -> None:
    assert shortest(raw) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_short_number_is_the_same(number: float) -> None:
    assert float(shortest(f"{number:.17g}") or "") == number


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy-mm-dd", Kind.DATE), ("mmm", Kind.DATE), ("[$-409]d/m/yyyy;@", Kind.DATE),
        ("dd.mm.yyyy hh:mm", Kind.DATETIME), ("h:mm AM/PM", Kind.TIME), ("mm:ss", Kind.TIME),
        ("[h]:mm:ss", Kind.DURATION), ("0.00", Kind.NUMBER), ("General", Kind.NUMBER),
        ('0" days"', Kind.NUMBER), ("[Red]0;[Blue]-0", Kind.NUMBER), (r"0\d", Kind.NUMBER),
        ("#,##0_h", Kind.NUMBER), ("@", Kind.NUMBER),
    ],
)  # fmt: skip
def test_a_format_tells_what_a_number_means(code: str, kind: Kind) -> None:
    assert kind_of_format(200, code) is kind
    assert (kind is not Kind.NUMBER) == is_date_format(code)


def test_formats_without_code_are_known_by_number() -> None:
    kinds = [kind_of_format(number, None) for number in (0, 2, 14, 20, 22, 46, 49)]
    number, text = Kind.NUMBER, Kind.NUMBER
    assert kinds == [number, number, Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.DURATION, text]


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        ("45292", Kind.DATE, "2024-01-01"),
        ("45292", Kind.DATETIME, "2024-01-01T00:00:00"),
        ("45292.5", Kind.DATE, "2024-01-01T12:00:00"),
        ("45292.043090810185", Kind.DATETIME, "2024-01-01T01:02:03.046"),
        ("1", Kind.DATE, "1900-01-01"),
        ("59", Kind.DATE, "1900-02-28"),
        ("60", Kind.DATE, "60"),
        ("61", Kind.DATE, "1900-03-01"),
        ("0.5", Kind.TIME, "12:00:00"),
        ("1.25", Kind.DURATION, "30:00:00"),
        ("2958465", Kind.DATE, "9999-12-31"),
        ("2958466", Kind.DATE, "2958466"),
        ("-1", Kind.DATE, "-1"),
        ("x", Kind.DATE, None),
    ],
)
def test_days_become_dates_and_times(raw: str, kind: Kind, text: str | None) -> None:
    assert text_of_number(raw, kind, EPOCH_1900) == text


def test_days_can_begin_in_1904() -> None:
    assert text_of_number("0", Kind.DATE, EPOCH_1904) == "1904-01-01"


@given(st.integers(0, 200 * 365 * 86_400_000))
def test_a_moment_comes_back_to_the_millisecond(milliseconds: int) -> None:
    moment = datetime(1900, 3, 1) + timedelta(milliseconds=milliseconds)  # noqa: DTZ001
    raw = repr(to_excel(moment))  # type: ignore[no-untyped-call]
    text = text_of_number(raw, Kind.DATETIME, EPOCH_1900) or ""
    assert math.isclose((datetime.fromisoformat(text) - moment).total_seconds(), 0, abs_tol=1e-3)


def test_escaped_characters_are_what_they_stand_for() -> None:
    assert unescaped("a_x000D_\nb_x0041__xD800_") == "a\r\nbA_xD800_"


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        ("2024-01-31", Kind.DATE, "2024-01-31"),
        ("2024-01-31T00:00:00", Kind.DATE, "2024-01-31"),
        ("2024-01-31T00:00:00.000Z", Kind.DATE, "2024-01-31"),
        ("2024-01-31T00:00:00", Kind.DATETIME, "2024-01-31T00:00:00"),
        ("2024-01-31T10:15:00", Kind.DATE, "2024-01-31T10:15:00"),
        ("T10:15:00", Kind.NUMBER, "10:15:00"),
        ("1899-12-31T10:15:00", Kind.TIME, "10:15:00"),
        ("2024-01-31T10:15:00", Kind.TIME, "2024-01-31T10:15:00"),
    ],
)
def test_dates_as_iso_8601_are_shown_as_their_format_means_them(
    raw: str, kind: Kind, text: str
) -> None:
    assert text_of_iso(raw, kind) == text
