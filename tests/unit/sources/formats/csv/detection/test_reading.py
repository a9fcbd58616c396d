from __future__ import annotations

import csv
import io
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sources.formats.csv.detection.reading import MOST_CELLS, Marks, read_rows

DOUBLED = Marks(delimiter=";", quote='"', escape='"')
BACKSLASH = Marks(delimiter=";", quote='"', escape="\\")
UNMARKED = Marks(delimiter=";", quote='"', escape=None)
ANYHOW = Marks(delimiter=";")


def cells(text: str, marks: Marks) -> list[tuple[str, ...]]:
    return [row.cells for row in read_rows(text, marks)]


@pytest.mark.parametrize(
    ("text", "marks", "rows"),
    [
        ('a;"b;c"\n', DOUBLED, [("a", "b;c")]),
        ('a;  "b;c" ;d\n', DOUBLED, [("a", '  "b;c" ', "d")]),  # one field, though as it stands
        ('a;"b;c" \n"d" ;e\n', ANYHOW, [("a", "b;c "), ("d ", "e")]),
        ('a; "b;c" x;d\n', DOUBLED, [("a", ' "b', 'c" x', "d")]),
        ('a; "b;c\nd;e\n', DOUBLED, [("a", ' "b', "c"), ("d", "e")]),
        ('"a ""b""";c\n', DOUBLED, [('a "b"', "c")]),
        ('"x\ny";c\nd;e', DOUBLED, [("x\ny", "c"), ("d", "e")]),
        ('"a \\"b\\"; c";d\n', BACKSLASH, [('a \\"b\\"; c', "d")]),
        ('"C:\\";d\n', DOUBLED, [("C:\\", "d")]),
        ('"a "b" c";d\n', UNMARKED, [('a "b" c', "d")]),
        ('"a "b" c";"d\\"e";"f""g"\n', ANYHOW, [('a "b" c', 'd\\"e', 'f"g')]),
        ("a\\;b;c\\\r\nd\ne;f\n", BACKSLASH, [("a\\;b", "c\\\r\nd"), ("e", "f")]),
        ("a\\;b;c\n", replace(BACKSLASH, quote=None), [("a\\;b", "c")]),
        ("a\\||b||c\\\\||\\", replace(BACKSLASH, delimiter="||"), [("a\\||b", "c\\\\", "\\")]),
        ("a||b|c\n", Marks(delimiter="||"), [("a", "b|c")]),
        ("'a;b';\"c\n", Marks(delimiter=";", quote="'"), [("a;b", '"c')]),
        ('a;"b\n', Marks(delimiter=";", quote=None), [("a", '"b')]),
    ],
)
def test_a_row_is_read_as_the_marks_say(
    text: str, marks: Marks, rows: list[tuple[str, ...]]
) -> None:
    assert cells(text, marks) == rows


def test_every_kind_of_line_end_ends_a_row_and_lines_are_counted() -> None:
    rows = read_rows('a\r\n\nb\r"c\r\nd"\ne', DOUBLED)
    assert [(row.line, row.end) for row in rows] == [
        (0, "\r\n"),
        (1, "\n"),
        (2, "\r"),
        (3, "\n"),
        (5, ""),
    ]
    assert [row.is_blank for row in rows] == [False, True, False, False, False]


@pytest.mark.parametrize("text", ['"a"b;c\nd;e\n', '"open;c\nd;"e"\n'])
def test_a_stray_quote_spoils_its_row_only(text: str) -> None:
    first, second = read_rows(text, DOUBLED)
    assert first.stray
    assert len(first.cells) == 2
    assert not second.stray


@pytest.mark.parametrize("text", ['"' * 300_000, '"a;' * 100_000, '"a\n' * 100_000, ";" * 300_000])
def test_reading_ends_whatever_is_in_the_text(text: str) -> None:
    for marks in (DOUBLED, BACKSLASH, UNMARKED, ANYHOW):
        rows = read_rows(text, marks)
        assert sum(len(row.cells) for row in rows[:-1]) <= MOST_CELLS


def test_an_escaped_line_end_is_a_line_of_its_own() -> None:
    rows = read_rows("a\\\nb;c\nd;e\n", BACKSLASH)
    assert [row.line for row in rows] == [0, 2]


CELLS = st.lists(
    st.lists(st.text(alphabet='ab "\n,', max_size=5), min_size=2, max_size=4), max_size=6
)


@given(table=CELLS)
def test_what_the_csv_module_writes_is_read_again(table: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table)
    marks = Marks(delimiter=",", quote='"', escape='"')
    assert cells(text.getvalue(), marks) == [tuple(row) for row in table]


def test_spaces_around_quotes_spoil_no_row() -> None:
    rows = read_rows('a;  "b;c"\n"d;e" ;f\n"g" h;i\n', ANYHOW)
    assert [(len(row.cells), row.stray) for row in rows] == [(2, False), (2, False), (2, True)]


def test_spaces_before_quotes_that_are_not_closed_are_passed_in_no_time() -> None:
    text = "a" + ';  "b' * 20_000 + "\n" + " " * 200_000 + '"'
    assert len(read_rows(text, ANYHOW)[0].cells) > 1
