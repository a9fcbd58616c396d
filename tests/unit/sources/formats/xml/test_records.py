from __future__ import annotations

import pytest

from definitions.errors import FormatError
from sources.formats.xml.choice import DEEPEST, is_named
from sources.formats.xml.records import Found, Records
from sources.gathering import MAX_RECORD
from sources.markup import Markup, Told


def heard(text: bytes, first: int = 1) -> tuple[list[tuple[int, int, str]], list[tuple[int, str]]]:
    good: list[tuple[int, int, str]] = []
    bad: list[tuple[int, str]] = []
    found = Found(
        record=lambda node, place: good.append((place.row, place.line, node.text)),
        problem=lambda problem, place, _: bad.append((place.row, problem.code.value)),
    )
    records = Records(is_named("p"), first, found, "f")
    markup = Markup(Told(begin=records.begin, end=records.end, text=records.text), "f")
    records.line_of = lambda: markup.line
    for at in range(0, len(text), 1 << 16):
        markup.take(text[at : at + (1 << 16)])
    return good, bad


def test_records_are_numbered_and_those_before_the_first_are_left_out() -> None:
    text = b"<r><p>1</p>\n<x:p xmlns:x='u'><p>in</p>2</x:p>\n\n<q><p\n>3</p></q></r>"
    assert heard(text) == ([(1, 1, "1"), (2, 2, "2"), (3, 4, "3")], [])
    assert heard(text, 3) == ([(3, 4, "3")], [])


def test_what_is_too_deep_or_too_long_is_one_bad_record() -> None:
    deep = b"<p>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</p>"
    many = b"<p>" + b"<a/>" * (MAX_RECORD // 16) + b"</p>"
    long = b"<p>" + b"x" * (MAX_RECORD + 1) + b"<a>1</a></p>"
    text = b"<r>" + deep + b"<p>2</p>" + long + many + b"<p>5</p></r>"
    assert heard(text) == (
        [(2, 1, "2"), (5, 1, "5")],
        [(1, "broken_record"), (3, "row_too_long"), (4, "row_too_long")],
    )


def test_elements_around_records_have_a_limit_too() -> None:
    with pytest.raises(FormatError, match=r"'f' is nested deeper than 100 elements"):
        heard(b"<r>" * (DEEPEST + 1))
