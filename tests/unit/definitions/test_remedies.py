from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from definitions.instants import instants
from definitions.patterns import pattern_of
from definitions.remedies import formats_of, number_remedy, stands_for_nothing
from definitions.written import Written
from tests.unit.definitions.cells import column

UNIT = "write digits alone, without unit, currency or percent sign"
MINUS = "write digits alone, with - before them if it is negative"
MARKS = "use a decimal point, and marks between groups of three digits or none"


@pytest.mark.parametrize("text", ["NULL", "n/a", "#N/A", "NaN", "\\N", "-", "—", "None"])
def test_what_programs_write_for_no_value_is_known(text: str) -> None:
    assert stands_for_nothing(text)


@pytest.mark.parametrize("text", ["0", "-1", "null value", "x", ""])
def test_other_texts_stand_for_something(text: str) -> None:
    assert not stands_for_nothing(text)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("12%", UNIT),
        ("€ 1,234.50", UNIT),
        ("12 EUR", UNIT),
        ("$-5", UNIT),
        ("(1,234)", MINUS),
        ("($5)", MINUS),
        ("-$5", MINUS),
        ("5-", MINUS),
        ("\u22125", MINUS),
        ("1.234,-", MINUS),
        ("12,34,567", MARKS),
        ("1.2.3", MARKS),
        ("1\u2009234", MARKS),
        ("0x1F", "use a decimal point"),
        ("abc", "use digits"),
        ("٣", "use digits"),
    ],
)
def test_a_remedy_is_about_what_the_text_has(text: str, remedy: str) -> None:
    assert number_remedy(text) == remedy


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("31.12.26", ("%d.%m.%y",)),
        ("1/2/26 14:05", ("%d/%m/%y %H:%M", "%m/%d/%y %H:%M")),
        ("31-DEC-26 02:05:00 PM", ("%d-%b-%y %I:%M:%S %p",)),
        ("31 December 2026", ("%d %B %Y",)),
        ("Dec 31, 2026", ("%b %d, %Y",)),
        ("December 31 2026", ("%B %d %Y",)),
    ],
)
def test_the_formats_that_are_told_read_the_text(text: str, formats: tuple[str, ...]) -> None:
    assert formats_of(text, timed=True) == formats
    assert any(_reads(form, text) for form in formats)


@pytest.mark.parametrize("text", ["x", "31. prosince 2026", "2026-12", "1.2.3.4", ""])
def test_no_format_is_told_of_other_texts(text: str) -> None:
    assert formats_of(text, timed=True) == ()


def test_a_date_without_time_is_told_no_format_with_one() -> None:
    assert formats_of("31.12.26 14:05", timed=False) == ()


def _reads(form: str, text: str) -> bool:
    return (
        instants(column(text), ZoneInfo("UTC"), Written(pattern=pattern_of(form))).item()
        is not None
    )
