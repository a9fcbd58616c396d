from __future__ import annotations

import pytest

from definitions.numbers import numbers
from definitions.written import COMMA, PLAIN, POINT, NumberStyle
from tests.unit.definitions.cells import column


def read(text: str, style: NumberStyle) -> str | None:
    """Return the number that a text is in a style."""
    found: str | None = numbers(column(text), style).item()
    return found


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("9.50", PLAIN, "9.5"),
        ("9,50", PLAIN, None),
        ("1.234,50", COMMA, "1234.5"),
        ("1.234", COMMA, "1234"),
        ("1 234", COMMA, "1234"),
        ("1,5e3", COMMA, "1500"),
        ("1.5", COMMA, None),
        ("-1,234,567.0", POINT, "-1234567"),
        ("1\u2019234.5", POINT, "1234.5"),
        ("+0,123", COMMA, "0.123"),
        ("123.456.789.012.345.678,125", COMMA, "123456789012345678.125"),
    ],
)
def test_a_style_tells_what_marks_mean(text: str, style: NumberStyle, value: str | None) -> None:
    assert read(text, style) == value


def test_ordinary_numbers_are_not_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told by the bytes of the whole column."""

    def refuse(text: str) -> str:
        msg = f"{text} was looked at"
        raise AssertionError(msg)

    monkeypatch.setattr("definitions.numbers.canonical_number", refuse)
    texts = ["0", "7", "-7", "12.5", "", "-0.25", "9.50", "-10.00", "100", "1234567.125"]
    expected = ["0", "7", "-7", "12.5", None, "-0.25", "9.5", "-10", "100", "1234567.125"]
    assert numbers(column(*texts)).to_list() == expected


def test_a_number_has_as_many_characters_as_are_allowed_and_no_more() -> None:
    longest = "1." + "0" * 397 + "1"
    assert (len(longest), read(longest, PLAIN)) == (400, longest)
    assert read("0" + longest, PLAIN) is None


def test_numbers_of_no_ordinary_size_are_refused_in_every_style() -> None:
    assert read("9" * 320, PLAIN) is None
    assert read("9" + ".999" * 110 + ",5", COMMA) is None
