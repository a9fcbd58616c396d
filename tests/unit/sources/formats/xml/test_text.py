"""The text of a document on its way to its records."""

from __future__ import annotations

from itertools import pairwise
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

import pytest

from definitions.errors import FormatError
from sources.formats.xml.cells import Node
from sources.formats.xml.choice import RecordKind, is_named
from sources.formats.xml.records import MOST_HELD, MOST_OPEN, Found, Records
from sources.formats.xml.text import MOST_ENDLESS, RecordText
from sources.gathering import Place
from sources.markup import LONGEST_TOKEN

KIND = RecordKind(is_record=is_named("/r/p"), path=("r", "p"))


def heard(text: bytes, kind: RecordKind = KIND, size: int = 1 << 16) -> list[tuple[int, str]]:
    """Return the row and the text of each record, or the reason why it is none."""
    rows: list[tuple[int, str]] = []
    found = Found(
        record=lambda node, place: rows.append((place.row, node.text)),
        problem=lambda problem, place, _: rows.append((place.row, problem.message)),
    )
    take(text, Records(kind, 1, found, "f"), size)
    return rows


def noted(text: bytes, size: int = 1 << 16) -> list[tuple[int, int, str, str]]:
    """Return the row and line of each broken record, its text and what it looks like."""
    rows: list[tuple[int, int, str, str]] = []
    nodes: list[Node] = []

    def note(_: object, place: Place, raw: str) -> None:
        rows.append((place.row, place.line, nodes[-1].text, raw))

    found = Found(record=lambda node, _: nodes.append(node), problem=lambda *_: None, note=note)
    take(text, Records(KIND, 1, found, "f"), size)
    return rows


def take(text: bytes, records: Records, size: int) -> None:
    record_text = RecordText(records, "f")
    for at in range(0, len(text), size):
        record_text.take(text[at : at + size])
    record_text.finish()


def test_a_document_without_fault_is_told_as_it_is() -> None:
    records = b"<p>1<a>&amp;</a></p>" * 5_000
    assert heard(b"<?xml version='1.0'?><r>" + records + b"<i/></r>\n") == [
        (row, "1") for row in range(1, 5_001)
    ]


NOT_CLOSED = "is not closed before the next record begins"


def test_records_behind_one_that_is_not_closed_are_no_content() -> None:
    text = b"<r><p>1</p><p>2<p>3</p><p>4<p>5 &</p><p>6</p></r>"
    assert heard(text) == [
        (1, "1"),
        (2, NOT_CLOSED),
        (3, "3"),
        (4, NOT_CLOSED),
        (5, "breaks the rules of XML: not well-formed (invalid token) on line 1"),
        (6, "6"),
    ]


def test_where_none_is_closed_each_one_is_a_fault_in_linear_time() -> None:
    assert heard(b"<r>" + b"<p>1" * 5_000 + b"</r>")[:-1] == [
        (row, NOT_CLOSED) for row in range(1, 5_000)
    ]


STRAYS = [
    b"a & b", b"&", b"AT&T", b"&&amp;&", b"\n&\n", b"&nbsp;", b"&x; &", b"&x", b"&;", b"&1;", b"&<",
    b"&\xc3\xa9;", b"&#0;", b"&x:y;", b"<b>&</b>", b"<b a='&'/>", b"<!-- & --> &", b"]&", b"&\x01",
    b"<![CDATA[&]]>&",
]  # fmt: skip


@pytest.mark.parametrize("stray", STRAYS)
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_a_record_with_a_stray_reference_is_told_as_a_parser_does(stray: bytes, size: int) -> None:
    text = b"<r><p>1</p>\n<p>" + stray + b"</p>\n<p>3</p></r>"
    with pytest.raises(ExpatError) as broken:
        ParserCreate().Parse(text, True)  # noqa: FBT003 - expat's
    reason = f"{ErrorString(broken.value.code)} on line {broken.value.lineno}"
    assert heard(text, size=size) == [
        (1, "1"),
        (2, f"breaks the rules of XML: {reason}"),
        (3, "3"),
    ]


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_a_section_or_comment_may_hold_what_looks_like_a_stray_reference(size: int) -> None:
    text = b"<r><p><![CDATA[& &x;]]><!-- & --><?x & ?><![CDATA[&]]></p><p>&amp;</p></r>"
    assert heard(text, size=size) == [(1, "& &x;&"), (2, "&")]


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_what_a_stray_reference_means_is_noted(size: int) -> None:
    text = b"<r>\n<p>AT&T<b/>&nbsp;&x;</p >\n<p>1</p><p>&<c></c>" + b"x" * 999 + b"</p></r>"
    assert noted(text, size) == [
        (1, 2, "AT&T\xa0&x;", "<p>AT&T<b/>&nbsp;&x;</p >"),
        (3, 3, "&" + "x" * 999, noted(text)[1][3]),
    ]
    assert noted(text)[1][3].startswith("<p>&<c></c>xxx")


def test_what_breaks_a_record_first_is_told_wherever_that_breaks_again() -> None:
    invalid = "breaks the rules of XML: not well-formed (invalid token) on line 1"
    nested = b"<r><p>1 & <p>in</p></p><p>2 &\n<b></p><p>3</p></r>"
    assert heard(nested) == [(1, invalid), (2, invalid), (3, "3")]
    assert heard(b"<r><p>1 &\n<p>2</p></r>") == [(1, invalid), (2, "2")]


def test_reading_goes_on_however_many_records_are_broken() -> None:
    count = 12_000
    for lost in (b"<p>&</p>", b"<p><</p>", b"<p>1"):
        rows = heard(b"<r>" + lost * count + b"<p>last</p></r>")
        assert (len(rows), rows[-1]) == (count + 1, (count + 1, "last"))


def test_a_file_of_things_without_end_is_refused() -> None:
    several = b"<p><?x " * (2 * MOST_ENDLESS) + b"x" * (LONGEST_TOKEN + (1 << 17))
    with pytest.raises(FormatError, match=r"'f' is no XML from line 1 on: a tag or comment is lon"):
        heard(b"<r>" + several + b"</r>")


def test_where_records_are_known_to_hold_their_like_these_are_content() -> None:
    text = b"<r><p>1<p/></p><p>2<p>in</p></r>"
    mismatch = "breaks the rules of XML: mismatched tag on line 1"
    assert heard(text) == [(1, "1"), (2, mismatch)]
    nesting = RecordKind(is_record=KIND.is_record, path=KIND.path, nests=True)
    assert heard(b"<r><p>2<p>in</p></r>", nesting) == [(1, mismatch)]


LONG = b"<p>" + b"x" * 5000 + b"</p>"


def test_a_record_without_end_is_given_up_long_before_the_end_of_the_file() -> None:
    several = 2 * MOST_HELD // len(LONG)
    rows = heard(b"<r><p>1" + LONG * several + b"<p>last</p></r>")
    assert (rows[0], rows[-1]) == ((1, NOT_CLOSED), (several + 2, "last"))
    assert all(later[0] == row[0] + 1 for row, later in pairwise(rows))


@pytest.mark.parametrize("opening", [b"<!-- ", b"<p><![CDATA[", b"<p a='"])
def test_what_does_not_end_is_one_fault(opening: bytes) -> None:
    rows = heard(b"<r>" + opening + b"<p>2</p><p>3</p></r>")
    assert rows[0][1].startswith("breaks the rules of XML: ")
    assert rows[1:] == [(2, "2"), (3, "3")]


@pytest.mark.parametrize("end", [b"", b"'/>"])
def test_a_tag_as_long_as_no_memory_should_hold_is_one_fault(end: bytes) -> None:
    rows = heard(b"<r><p>1</p><p b='" + b"x" * (LONGEST_TOKEN + (1 << 17)) + end + b"<p>3</p></r>")
    reason = f"a tag or comment is longer than {LONGEST_TOKEN} bytes on line 1"
    assert rows == [(1, "1"), (2, f"breaks the rules of XML: {reason}"), (3, "3")]


@pytest.mark.parametrize("nest", [b"<p>", b"<a><b>"])
def test_more_open_elements_than_memory_should_hold_are_given_up(nest: bytes) -> None:
    rows = heard(b"<r><p>1</p><p>" + nest * (2 * MOST_OPEN) + b"</r>")
    reasons = {
        b"<p>": NOT_CLOSED,
        b"<a><b>": f"breaks the rules of XML: more than {MOST_OPEN} elements are open on line 1",
    }
    assert rows[:2] == [(1, "1"), (2, reasons[nest])]


def test_a_record_that_is_not_closed_is_found_behind_a_long_tag() -> None:
    long = b"<a b='" + b"x" * (1 << 18) + b"'/>"
    rows = heard(b"<r><p>1<p>2</p><p>" + long + b"<p>4</p>")
    assert rows[:3] == [(1, NOT_CLOSED), (2, "2"), (3, NOT_CLOSED)]


def test_a_section_without_end_is_given_up_too() -> None:
    several = 2 * MOST_HELD // len(LONG)
    rows = heard(b"<r><p><![CDATA[" + LONG * several + b"</r>")
    reason = f"a section is longer than {MOST_HELD} bytes on line 1"
    assert rows[0] == (1, f"breaks the rules of XML: {reason}")
    assert (len(rows), rows[-1][0]) == (1 + several, 1 + several)


@pytest.mark.parametrize("name", ["", "1", "-"])
def test_names_that_are_tags_only_behind_a_prefix_stop_nobody(name: str) -> None:
    kind = RecordKind(is_record=is_named(f"/r/{name}/p"), path=("r", name, "p"))
    broken = f"<r <n:{name}><p>1</p><p>2</p></n:{name}></r>".encode()
    rows = heard(broken, kind)
    assert [text for _, text in rows if len(text) == 1] == ["1", "2"]
