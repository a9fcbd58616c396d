from __future__ import annotations

import re
from dataclasses import replace

import pytest

from definitions.model import Notation
from definitions.patterns import pattern_of
from definitions.written import (
    BARE,
    COMMA,
    PLAIN,
    POINT,
    NumberStyle,
    Written,
    as_said,
    kind_of_mark,
)


def test_nothing_said_is_as_the_contract_has_it() -> None:
    assert as_said(Notation()) == Written()


@pytest.mark.parametrize(
    ("decimal", "thousands", "style"),
    [
        (".", None, POINT),
        (",", None, COMMA),
        (None, ",", NumberStyle(decimal=".", thousands=(",",))),
        (None, ".", NumberStyle(decimal=",", thousands=(".",))),
        (None, "\u202f", NumberStyle(decimal=".", thousands=(" ",))),
        (",", "\u2019", NumberStyle(decimal=",", thousands=("'",))),
    ],
)
def test_what_is_said_of_numbers_leaves_no_question(
    decimal: str | None, thousands: str | None, style: NumberStyle
) -> None:
    said = as_said(Notation(decimal=decimal, thousands=thousands))

    assert (said.numbers, said.numbers_said) == (style, True)


@pytest.mark.parametrize(
    "notation",
    [
        Notation(),
        Notation(separator="|"),
        Notation(format="%d.%m.%Y"),
    ],
)
def test_cells_that_are_no_text_are_read_as_others_where_these_have_no_other_reading(
    notation: Notation,
) -> None:
    said = as_said(notation)

    assert said.of_typed is said


@pytest.mark.parametrize(
    "notation",
    [
        Notation(decimal=","),
        Notation(decimal="."),
        Notation(thousands=" "),
        Notation(format="%Y-%d-%m"),
    ],
)
def test_cells_that_are_no_text_are_plain_however_others_are_written(notation: Notation) -> None:
    said = as_said(notation)

    assert said.of_typed == replace(said, numbers=PLAIN, always_iso=True)


def test_a_format_and_a_separator_are_taken_as_they_are_said() -> None:
    said = as_said(Notation(format="dd.MM.yyyy", separator="|"))

    assert (said.pattern, said.separator) == (pattern_of("%d.%m.%Y"), "|")
    assert said.numbers_said is False


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("1", "plain bare point comma"),
        ("1.5", "plain bare point"),
        ("5.", "plain bare point"),
        ("1.234", "plain bare point comma"),
        ("1.234e5", "plain bare point"),
        ("0.123", "plain bare point"),
        ("1,5", "comma"),
        ("5,", ""),
        (",5", "comma"),
        ("1,234", "point comma"),
        ("0,123", "comma"),
        ("1234,567", "comma"),
        ("1,234.5", "point"),
        ("1,234,567", "point"),
        ("1.234.567", "comma"),
        ("1.234,5", "comma"),
        ("1 234", "bare point comma"),
        ("1 234.5", "bare point"),
        ("-1\u202f234,5", "comma"),
        ("12'345'678", "bare point comma"),
        ("1 234'567", ""),
        ("1,23,456", ""),
        ("1234 567", ""),
        ("12 34", ""),
        ("$1", ""),
        ("5%", ""),
        ("(5)", ""),
        ("", ""),
    ],
)
def test_a_number_is_of_the_styles_that_it_can_be_read_in(text: str, styles: str) -> None:
    known = {"plain": PLAIN, "bare": BARE, "point": POINT, "comma": COMMA}
    found = [name for name, style in known.items() if re.fullmatch(style.regex, text)]

    assert found == styles.split()


def test_marks_of_one_kind_are_one() -> None:
    assert [kind_of_mark(mark) for mark in (" ", "\xa0", "\u2019", "x")] == [" ", " ", "'", None]
