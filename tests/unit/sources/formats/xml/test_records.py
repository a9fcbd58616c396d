from __future__ import annotations

import pytest

from definitions.errors import FormatError
from sources.formats.xml.choice import DEEPEST, RecordKind, is_named
from sources.formats.xml.records import Found, Records, UnclosedRecordError
from sources.gathering import MAX_RECORD, TOO_LONG
from sources.markup import START, Markup, Spot, Told


def heard(text: bytes, first: int = 1) -> tuple[list[tuple[int, int, str]], list[tuple[int, str]]]:
    good: list[tuple[int, int, str]] = []
    bad: list[tuple[int, str]] = []
    found = Found(
        record=lambda node, place: good.append((place.row, place.line, node.text)),
        problem=lambda problem, place, _: bad.append((place.row, problem.code.value)),
    )
    records = Records(RecordKind(is_record=is_named("p"), path=("r", "p")), first, found, "f")
    markup = Markup(Told(begin=records.begin, end=records.end, text=records.text), "f")
    records.here = lambda: markup.spot
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


def test_a_record_that_is_given_up_is_a_problem_and_the_next_one_is_as_deep() -> None:
    heard_of: list[object] = []
    found = Found(
        record=lambda node, place: heard_of.append((place.row, place.line, node.text)),
        problem=lambda _, place, text: heard_of.append((place.row, place.line, text)),
    )
    kind = RecordKind(is_record=is_named("r/p"), path=("r", "p"))
    records = Records(kind, 1, found, "f")
    assert records.inside == ("r",)
    for tag in ("x:r", "p", "a"):
        records.begin(tag, {})
    assert (records.inside, records.begun) == (("x:r",), START)
    records.give_up(TOO_LONG, 7, "<p><a")
    records.begin("p", {})
    records.end("p")
    assert heard_of == [(1, 7, "<p><a"), (2, 1, "")]


def test_a_record_inside_of_another_is_content_if_that_one_ends() -> None:
    found = Found(record=lambda *_: None, problem=lambda *_: None)
    records = Records(RecordKind(is_record=is_named("p"), path=("p",)), 1, found, "f")
    for tag in ("p", "a", "p"):
        records.begin(tag, {})
    assert (records.inner, records.nests) == (START, False)
    for tag in ("p", "a", "p"):
        records.end(tag)
    assert (records.inner, records.nests, records.row) == (None, True, 2)


def test_where_one_record_was_open_the_next_one_that_begins_ends_it() -> None:
    found = Found(record=lambda *_: None, problem=lambda *_: None)
    records = Records(RecordKind(is_record=is_named("p"), path=("p",)), 1, found, "f")
    records.ends_open = True
    records.begin("p", {})
    records.here = lambda: Spot(7, 2)
    with pytest.raises(UnclosedRecordError) as caught:
        records.begin("p", {})
    assert caught.value.spot == (7, 2)
