"""A base table, written in many ways and polluted in many: how it is written is found out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from definitions.model import FileFormat, RecordEnd
from sources.formats.csv.detection import Detection, detect

HEADER = ("id", "day", "at", "name", "price", "kind", "note", "link")
NAMES = ("Anna", "O'Brien", "José", "Mary Ann", "Li")
NOTES = ("fine", "a, b; c | d", 'said "yes" twice', "at 10:30, or\nlater", "", 'so "no" then')


def base_rows(count: int = 30) -> list[tuple[str, ...]]:
    return [
        (
            f"{i}",
            f"{1 + i % 28:02}/0{1 + i % 9}/2024",
            f"{i % 24:02}:15",
            NAMES[i % 5],
            f"{i * 7 % 90},{i % 10}5",
            ("red", "green", "blue")[i % 3],
            NOTES[i % 6],
            f"http://example.com/{i}?a=1",
        )
        for i in range(1, count + 1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    end: str = "\n"
    every: bool = False

    def line(self, cells: Sequence[str]) -> str:
        """Return one record without its end."""
        return self.delimiter.join(map(self.cell, cells))

    def cell(self, text: str) -> str:
        """Return one field."""
        if not self.quote:
            return "".join(" " if mark in f"{self.delimiter}\n" else mark for mark in text)
        marks = {self.quote, "\n", self.delimiter.strip() or " "}
        if self.every or any(mark in text for mark in marks):
            return self.quote + text.replace(self.quote, self.escape + self.quote) + self.quote
        return text

    def lines(self) -> list[str]:
        """Return the base table."""
        return [self.line(row) for row in (HEADER, *base_rows())]

    def text(self, lines: Sequence[str]) -> bytes:
        """Return the file."""
        return "".join(line + self.end for line in lines).encode()


def found_in(text: bytes, layout: FileFormat | None = None, *wanted: str) -> Detection:
    return detect(text, layout or FileFormat(), frozenset(wanted), complete=True)


def assert_found(found: Detection, writing: Writing, skip_rows: int = 0, rows: int = 1) -> None:
    dialect = found.dialect
    quote = writing.quote or '"'  # the usual one is assumed where none is seen
    assert dialect.delimiter == writing.delimiter.encode()
    assert dialect.quote == quote.encode()
    assert dialect.escape == ((writing.escape or None) and writing.escape.encode())
    assert (found.skip_rows, found.header_rows) == (skip_rows, rows)


DELIMITERS = [",", ";", "\t", "|", "~", "^", ":", " ", "\x01", "\x1e", "\x1f"]
DELIMITERS += [", ", "||", ";;", "::", " | ", "|~|", "; "]


@pytest.mark.parametrize("every", [False, True], ids=["needed", "every"])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_any_usual_delimiter_is_found(delimiter: str, every: bool) -> None:
    writing = Writing(delimiter=delimiter, every=every)
    assert_found(found_in(writing.text(writing.lines())), writing)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("quote", "escape"),
    [('"', '"'), ('"', "\\"), ('"', ""), ("'", "'"), ("'", "\\"), ("'", ""), ("", '"')],
)
def test_quotes_and_their_escape_are_found(quote: str, escape: str, delimiter: str) -> None:
    writing = Writing(delimiter=delimiter, quote=quote, escape=escape, every=quote == "'")
    assert_found(found_in(writing.text(writing.lines())), writing)


def test_apostrophes_are_text_where_they_would_join_fields() -> None:
    rows = ["'river,paper'", "stone,wood", "'old,new'", "x,y"]
    assert found_in("\n".join(["a,b", *rows * 3]).encode()).dialect.quote == b'"'
    rows = ["'river','paper'"] * 9 + ["'never closed,x"] + ["'old','new'"] * 9
    assert found_in("\n".join(["'a','b'", *rows]).encode()).dialect.quote == b"'"
    rows = ["'river,paper',x", "stone,wood", "'old,new',y", "x,y"]
    assert found_in("\n".join(["a,b", *rows * 3]).encode()).dialect.quote == b"'"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_found(end: str) -> None:
    writing = Writing(end=end)
    found = found_in(writing.text(writing.lines()))
    expected = {"\n": RecordEnd.LF, "\r\n": RecordEnd.CRLF, "\r": RecordEnd.CR}
    assert found.dialect.record_end == expected[end]
    assert_found(found, writing)


Pollution = Callable[[list[str], Writing], list[str]]
DAMAGES: dict[str, Pollution] = {
    "a row has one field less": lambda lines, w: [
        *lines[:5],
        lines[5].rsplit(w.delimiter, 1)[0],
        *lines[6:],
    ],
    "a row has one field more": lambda lines, w: [*lines[:5], lines[5] + w.delimiter, *lines[6:]],
    "two rows have another delimiter": lambda lines, _: [
        *lines[:5],
        *(Writing(delimiter=":").line(row) for row in base_rows()[4:6]),
        *lines[7:],
    ],
    "a row has other quotes": lambda lines, w: [
        *lines[:5],
        Writing(delimiter=w.delimiter, quote="'", escape="'", every=True).line(base_rows()[4]),
        *lines[6:],
    ],
    "a quote is never closed": lambda lines, _: [*lines[:5], '"' + lines[5], *lines[6:]],
    "a quote stands in a cell": lambda lines, _: [*lines[:5], lines[5] + '"', *lines[6:]],
    "a row ends with a carriage return": lambda lines, _: [
        *lines[:5],
        f"{lines[5]}\r{lines[6]}",
        *lines[7:],
    ],
    "there are footnotes": lambda lines, _: [*lines, "", "Source: ministry", "Note: a, b; c"],
    "there is a sum": lambda lines, w: [*lines, "Total" + w.delimiter * 7],
    "another table follows": lambda lines, w: [
        *lines,
        "",
        *(w.line(cells) for cells in [("code", "count"), *(("x", "1"),) * 9]),
    ],
    "a like table follows": lambda lines, _: [*lines, "", *lines[:9]],
    "every row ends with a delimiter": lambda lines, w: [line + w.delimiter for line in lines],
    "blank lines are between": lambda lines, _: [lines[0], "", *lines[1:4], "", *lines[4:]],
    "there is one row": lambda lines, _: lines[:2],
    "there are two rows": lambda lines, _: lines[:3],
    "there is only a header": lambda lines, _: lines[:1],
}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "||"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_does_not_hide_how_the_file_is_written(damage: str, delimiter: str) -> None:
    writing = Writing(delimiter=delimiter)
    assert_found(found_in(writing.text(DAMAGES[damage](writing.lines(), writing))), writing)


BEFORE: dict[str, list[str]] = {
    "a title": ["Report of the ministry"],
    "a title and empty lines": ["Report", "", ""],
    "prose with commas": ["On trade, industry, labour", "Source: office, all rights reserved"],
    "a title in a row": ["Report{d}{d}{d}{d}{d}{d}{d}"],
    "keys and values": ["Report{d}Sales{d}{d}{d}{d}{d}{d}", "Day{d}1.2.24{d}{d}{d}{d}{d}{d}"],
    "a row of empty cells": ["Report{d}{d}{d}{d}{d}{d}{d}", "{d}{d}{d}{d}{d}{d}{d}"],
    "comments": ["# exported", "# on 2024-01-01, at noon"],
    "blank lines": ["", ""],
    "a long explanation": [f"line {i} of an explanation" for i in range(12)],
}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", BEFORE)
def test_what_stands_before_the_header_is_skipped(before: str, delimiter: str) -> None:
    writing = Writing(delimiter=delimiter)
    lines = [line.format(d=delimiter) for line in BEFORE[before]]
    found = found_in(writing.text([*lines, *writing.lines()]))
    assert_found(found, writing, skip_rows=len(lines))


UNITS = ("", "", "(h)", "", "(EUR)", "", "", "")
GROUPS = ("", "When", "", "What", "", "", "More", "")
HEADERS: dict[str, tuple[Sequence[Sequence[str]], int]] = {
    "none": ([], 0),
    "twice": ([HEADER, HEADER], 2),
    "three times": ([HEADER, HEADER, HEADER], 3),
    "units": ([HEADER, UNITS], 2),
    "groups": ([GROUPS, HEADER], 2),
    "double names": ([("id", *HEADER[1:7], "id")], 1),
    "too short": ([HEADER[:7]], 1),
    "too long": ([(*HEADER, "more")], 1),
    "a comment": ([("#id", *HEADER[1:])], 1),
}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", HEADERS)
def test_the_rows_of_the_header_are_found(header: str, delimiter: str) -> None:
    writing = Writing(delimiter=delimiter)
    rows, count = HEADERS[header]
    found = found_in(writing.text([*map(writing.line, rows), *writing.lines()[1:]]))
    assert_found(found, writing, rows=count)
    assert found.width == len(HEADER)


@pytest.mark.parametrize("hint", ["sep={d}", '"sep={d}"', "SEP={d}"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~"])
def test_a_first_line_that_tells_the_delimiter_is_believed(hint: str, delimiter: str) -> None:
    writing = Writing(delimiter=delimiter)
    found = found_in(writing.text([hint.format(d=delimiter), *writing.lines()]))
    assert_found(found, writing, skip_rows=1)
    assert found.evidence["delimiter"] == f"{delimiter!r} found: the first line says so"


def test_the_row_that_has_the_wanted_names_is_the_header() -> None:
    text = b"a;b\n1;2\nmail;city\nx;y\n"
    assert found_in(text, None, "mail", "city").skip_rows == 2
    assert found_in(text, None, "phone", "street", "zip").skip_rows == 0


def test_wanted_names_help_to_find_the_delimiter() -> None:
    text = b"first name;last name,age\nx y;z a,1\n"
    assert found_in(text, None, "first name", "last name,age").dialect.delimiter == b";"
    assert found_in(text, None, "age").dialect.delimiter == b","


def test_names_with_spaces_around_them_are_those_that_are_looked_for() -> None:
    text = b"id , name\n" + b"".join(b"%d,Anna Maria Nova\n" % row for row in range(1, 9))
    found = found_in(text, None, "id", "name")
    assert (found.dialect.delimiter, found.width) == (b",", 2)


GIVEN = FileFormat(
    delimiter="|",
    quote="'",
    escape="\\",
    record_end=RecordEnd.CR,
    header_rows=0,
    skip_rows=3,
)


def test_what_is_given_is_taken_as_it_is() -> None:
    writing = Writing()
    found = found_in(writing.text(writing.lines()), GIVEN)
    dialect = found.dialect
    assert (dialect.delimiter, dialect.quote, dialect.escape) == (b"|", b"'", b"\\")
    assert (dialect.record_end, found.header_rows, found.skip_rows) == (RecordEnd.CR, 0, 3)
    assert found.evidence == {
        "delimiter": "'|' given",
        "quote": '"\'" given',
        "escape": r"'\\' given",
        "record_end": "cr given",
        "skip_rows": "3 given",
        "header_rows": "0 given",
    }


def test_given_remarks_are_not_looked_at() -> None:
    text = b"%a|b|c\n%d|e|f\nTitle\n%g|h|i\nid;name\n%1|2|3\n1;x\n%j|k|l\n2;y\n"
    found = found_in(text, FileFormat(remark="%"))
    assert (found.dialect.delimiter, found.width) == (b";", 2)
    assert (found.skip_rows, found.header_rows) == (4, 1)
    assert (found.dialect.remark, found.dialect.remark_is_given) == (b"%", True)
    assert found.evidence["remark"] == "'%' given"


def test_names_that_are_looked_for_part_the_fields_whatever_is_below_them() -> None:
    text = b'sku,title\nS-1,"' + b"123456789\n" * 50_000
    assert detect(text, FileFormat(), frozenset(), complete=False).width == 1
    found = detect(text, FileFormat(), frozenset({"sku", "title"}), complete=False)
    assert (found.dialect.delimiter, found.width) == (b",", 2)
    assert (found.skip_rows, found.header_rows) == (0, 1)


def test_that_there_are_no_remarks_can_be_given() -> None:
    text = b"id,name\n1,x\n# two\n2,y\n3,z\n"
    assert found_in(text).dialect.remark == b"#"
    found = found_in(text, FileFormat(remark=""))
    assert (found.dialect.remark, found.evidence["remark"]) == (None, "none given")


def test_no_quote_can_be_given() -> None:
    found = found_in(b'a,"b\n1,"2\n', FileFormat(quote="", escape=""))
    assert (found.dialect.quote, found.dialect.escape) == (None, None)


@pytest.mark.parametrize("skipped", [None, 0])
def test_a_given_delimiter_in_a_note_parts_no_text_of_one_column(skipped: int | None) -> None:
    text = b"word\n" + b"amber\nbrook\n" * 10 + b"Source, office\n"
    found = found_in(text, FileFormat(delimiter=",", skip_rows=skipped, footer_rows=1))
    assert (found.width, found.skip_rows, found.header_rows) == (1, 0, 1)


def test_a_given_delimiter_parts_a_short_table_below_many_lines() -> None:
    text = b"made by a program\n" * 9 + b"id;name\n1;Anna\n"
    assert found_in(text, FileFormat(delimiter=";")).width == 2


def test_apostrophes_that_shorten_rows_below_their_names_are_no_quotes() -> None:
    text = b"name,saying,n\n'bright,river window',0\n'paper,apple winter',1\n"
    assert found_in(text).dialect.quote == b'"'


def test_what_is_given_helps_to_find_the_rest() -> None:
    found = found_in(b"x\n1,5;2,5\n3,5;4,5\n", FileFormat(skip_rows=1))
    assert (found.dialect.delimiter, found.header_rows) == (b";", 0)
    found = found_in(b"a b,c d,e f\n1 2,3 4,5 6\n", FileFormat(column_names=("x", "y", "z", "w")))
    assert found.dialect.delimiter == b" "


def test_a_person_is_told_what_was_found_and_why() -> None:
    found = found_in(b'Title\nid;name\n1;"x ""y"""\n2;z\n')
    assert found.evidence == {
        "delimiter": "';' found: 3 of 4 rows have 2 fields",
        "quote": "'\"' found",
        "escape": "'\"' found: doubled, or there are none inside",
        "record_end": "lf found: all the same",
        "skip_rows": "1 found: the first full row of 2 fields",
        "header_rows": "1 found: it holds words where the rows below do not",
    }


def test_yaml_before_the_table_is_skipped_unless_lines_to_skip_are_given() -> None:
    text = b"---\nname: people\nfields:\n- name: id\n- name: town\n---\nid,town\n1,Rome\n2,Oslo\n"
    found = found_in(text)
    assert (found.skip_rows, found.header_rows, found.width) == (6, 1, 2)
    assert found.evidence["front_matter"] == "the first 6 lines are YAML about the table"
    assert "front_matter" not in found_in(text, FileFormat(skip_rows=6)).evidence


MONSTERS = [b'"', b'",', b'"\n', b",", b'"abc,', b'"abc\n', b"\n", b"\\", b'"a\\"', b"x", b"'a,"]
MONSTERS += [b",;|:~^#!$%&*@=+<>-_/\\ ", bytes(range(1, 32)), b'""";', b" ", b'a,"""', b"\xff", b""]


@pytest.mark.parametrize("piece", MONSTERS)
def test_detection_ends_whatever_is_in_the_file(piece: bytes) -> None:
    found = detect(piece * 200_000, FileFormat(), frozenset(), complete=False)
    assert found.skip_rows >= 0
    assert found.width >= 1


def test_notes_are_found_below_several_rows_of_names() -> None:
    names = b";Persons;Persons\n;Count;Count\nDay;male;female\n"
    rows = names + b"".join(b"31.12.20%d;%d;%d\n" % (i, i, i) for i in range(10, 16))
    found = found_in(rows + b"__________\nUp to 1989: the former country.\n")
    assert (found.header_rows, found.end) == (3, len(rows))


def test_rows_of_names_may_have_a_delimiter_too_many() -> None:
    rows = b"0,0.04,,\n1,0.05,,\n2,0.05,,\n3,0.05,,\n"
    found = found_in(b"X,CH1,Start,Increment,\nSequence,Volt,-6.0e-03,1.0e-05\n" + rows)
    assert (found.header_rows, found.width, found.has_empty_names) == (2, 4, True)


def test_names_with_another_delimiter_are_those_of_all_columns() -> None:
    rows = "".join(f"{i}\tp{i}\n" for i in range(1, 9))
    found = found_in(f"id;text\n{rows}".encode())
    assert (found.header_rows, found.header_delimiter, found.names_rows) == (1, b";", False)


def test_years_beside_words_above_numbers_are_surely_a_header() -> None:
    rows = "".join(f"land {i} x,{i}.5,{7 - i}.25\n" for i in range(9))
    assert found_in(f"land,2019,2020\n{rows}".encode()).is_header_sure
    assert not found_in(rows.encode(), FileFormat(header_rows=1)).is_header_sure
