from __future__ import annotations

import io
from dataclasses import replace

import pytest

from definitions.batches import Position
from definitions.errors import FormatError
from definitions.model import RecordEnd
from sources.encoding import SAMPLE_SIZE
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.header import Header, HeaderTerms, find_line, read_header
from sources.gathering import MAX_COLUMNS

BEGIN = Position(byte=0, row=1, line=1)
TERMS = HeaderTerms(file="f.csv", dialect=Dialect())


def header_of(sample: bytes, terms: HeaderTerms = TERMS, begin: Position = BEGIN) -> Header:
    return read_header(sample, begin, terms, complete=len(sample) < SAMPLE_SIZE)


def test_a_header_gives_names_and_where_the_data_begins() -> None:
    header = header_of(b'\r\n id ,"last\nname"\r\n1,2\r\n')
    assert header.names == ("id", "last\nname")
    assert header.data == Position(byte=20, row=1, line=4)
    assert (header.renamed, header.named) == ({}, True)


def test_a_header_alone_ends_with_the_file() -> None:
    assert header_of(b"id,name").data.byte == 7


def test_places_are_told_from_the_beginning_of_the_file() -> None:
    header = header_of(b"id,name\n1,2\n", begin=Position(byte=100, row=1, line=4))
    assert header.data == Position(byte=108, row=1, line=5)


def test_names_are_made_unique_and_not_empty() -> None:
    header = header_of(b"a,a,,a_2, a ,column_3\n")
    assert header.names == ("a", "a_3", "column_3_2", "a_2", "a_4", "column_3")
    assert header.renamed == {"a_3": "a", "a_4": "a", "column_3_2": ""}


@pytest.mark.parametrize(
    ("text", "dialect", "names"),
    [
        ("a||'b||c'||d\n", Dialect(delimiter=b"||", quote=b"'", escape=b"'"), ("a", "b||c", "d")),
        ("a\\,b,c\\\nd\n", Dialect(escape=b"\\"), ("a,b", "c\nd")),
        ('"a"b",c\n', Dialect(escape=None), ('a"b', "c")),
        ('"a",b\n', Dialect(quote=None, escape=None), ('"a"', "b")),
        ("a,b\r1,2\r", Dialect(record_end=RecordEnd.CR), ("a", "b")),
        ("a\rb,c\n", Dialect(record_end=RecordEnd.LF), ("a\rb", "c")),
    ],
)
def test_names_are_written_as_cells_are(text: str, dialect: Dialect, names: tuple[str]) -> None:
    assert header_of(text.encode(), replace(TERMS, dialect=dialect)).names == names


def test_a_delimiter_too_many_behind_the_header_makes_no_column() -> None:
    header = header_of(b"id,name,\n1,2\n", replace(TERMS, width=2))
    assert (header.names, header.shortened) == (("id", "name"), True)
    for width in (0, 1, 3):
        header = header_of(b"id,name,\n", replace(TERMS, width=width))
        assert (header.names, header.shortened) == (("id", "name", "column_3"), False)


def test_delimiters_too_many_behind_rows_of_a_header_make_no_column() -> None:
    terms = replace(TERMS, rows=2, width=2, has_empty_names=True)
    header = header_of(b"X,CH1,\nSequence,Volt\n0,1\n", terms)
    assert (header.names, header.shortened) == (("X Sequence", "CH1 Volt"), True)
    whole = header_of(b"X,CH1,\nSequence,Volt\n0,1\n", replace(terms, has_empty_names=False))
    assert (whole.names, whole.shortened) == (("X Sequence", "CH1 Volt", "column_3"), False)


def test_the_names_of_rows_have_a_column_of_their_own() -> None:
    header = header_of(b"mpg,row_name\n", replace(TERMS, width=3, names_rows=True))
    assert header.names == ("row_name", "mpg", "row_name_2")


def test_a_header_of_several_rows_gives_the_parts_of_each_name_joined() -> None:
    header = header_of(b"sales,,\n\n2026,2025,id,extra\n 1,2,3,4\n", replace(TERMS, rows=2))
    assert header.names == ("sales 2026", "2025", "id", "extra")
    assert header.data == Position(byte=28, row=1, line=4)


def test_a_header_that_is_repeated_names_each_column_once() -> None:
    header = header_of(b"id,name\nid,name\nid,name of it\n1,a\n", replace(TERMS, rows=3))
    assert header.names == ("id", "name name of it")


def test_without_header_the_columns_are_numbered_and_as_many_as_in_most_rows() -> None:
    header = header_of(b'\ntotal\n1,"a\n,",x\n2,b,y\n3,c', replace(TERMS, rows=0))
    assert header.names == ("column_1", "column_2", "column_3")
    assert (header.named, header.renamed, header.data) == (False, {}, BEGIN)


def test_given_remarks_are_no_part_of_a_header() -> None:
    dialect = Dialect(remark=b"--", remark_is_given=True)
    terms = replace(TERMS, dialect=dialect, rows=2)
    text = b'-- "a\n\r\n--,b,c\nid,sales\n-- x\n,2026\n1,2\n'
    header = header_of(text, terms)
    assert header.names == ("id", "sales 2026")
    assert header.data == Position(byte=text.index(b"1,2"), row=1, line=7)
    nameless = header_of(b"--,\n--,\n--,\n1,2,3\n", replace(terms, rows=0))
    assert len(nameless.names) == 3


@pytest.mark.parametrize(
    ("record_end", "names"), [(RecordEnd.LF, ("a", "b")), (RecordEnd.CR, (";",))]
)
def test_a_remark_ends_where_a_line_ends(record_end: RecordEnd, names: tuple[str, ...]) -> None:
    dialect = Dialect(remark=b"#", remark_is_given=True, record_end=record_end)
    assert header_of(b"#x\r;\na,b\n", replace(TERMS, dialect=dialect)).names == names


def test_rules_are_no_part_of_a_header() -> None:
    terms = replace(TERMS, dialect=Dialect(delimiter=b"|", has_rules=True), rows=2)
    text = b"+---+----+\na|sales\n---|----\n|2026\n+---+----+\n1|2\n"
    header = header_of(text, terms)
    assert header.names == ("a", "sales 2026")
    assert header.data == Position(byte=text.index(b"+---+----+\n1|2"), row=1, line=5)


def test_given_names_name_the_columns_of_a_file_without_header() -> None:
    header = header_of(b"1,2\n", replace(TERMS, rows=0, given=("a", "b")))
    assert (header.names, header.named, header.data) == (("a", "b"), True, BEGIN)


def test_given_names_stand_in_for_those_in_the_file() -> None:
    header = header_of(b"x,y\n1,2\n", replace(TERMS, given=("a", "a")))
    assert header.names == ("a", "a_2")
    assert header.renamed == {"a_2": "a"}
    assert header.data == Position(byte=4, row=1, line=2)


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("given", [("a",), ("a", "b", "c")])
def test_another_number_of_names_than_columns_is_an_error(
    rows: int, given: tuple[str, ...]
) -> None:
    problem = f"'column_names' has {len(given)} names, but 'f.csv' has 2 columns"
    with pytest.raises(FormatError, match=problem):
        header_of(b"x,y\n1,2\n", replace(TERMS, rows=rows, given=given))


@pytest.mark.parametrize(
    ("sample", "rows", "problem"),
    [
        (b"", 1, "is empty; it needs at least a header line"),
        (b"\n\r\n\n", 1, "is empty; it needs at least a header line"),
        (b"\n", 0, "is empty; it needs at least a header line"),
        (b"a,b\n\n", 2, "has 1 rows where the header should have 2; give a smaller 'header_rows'"),
        (b'a,"b\n1,2\n', 1, "does not end within 9 bytes; close its quotes"),
        (b'"b\n1,2\n', 0, "no row of 'f.csv' ends within 7 bytes; close its quotes"),
        (
            b"x" * SAMPLE_SIZE,
            1,
            f"within {SAMPLE_SIZE} bytes; end its line, or say its 'record_end'",
        ),
        (b'a,"b"c\n', 1, "has text after a closing quote; mark a quote in a name"),
        (
            b"a,\xff\n",
            1,
            "no characters in its encoding; give the one that it is written in as 'encoding'",
        ),
        (b"," * MAX_COLUMNS + b"\n", 1, f"has {MAX_COLUMNS + 1} columns; at most {MAX_COLUMNS}"),
        (b"," * MAX_COLUMNS + b"\n", 0, f"has {MAX_COLUMNS + 1} columns; at most {MAX_COLUMNS}"),
    ],
)
def test_a_header_that_cannot_be_read_is_an_error(sample: bytes, rows: int, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        header_of(sample, replace(TERMS, rows=rows))
    assert problem in str(caught.value)
    assert "'f.csv'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b'"a,b,c\n1,2,3\n', ('"a', "b", "c")),
        (b'"a,b,c\n1,"2, x",3\n', ('"a', "b", "c")),
        (b'a,"b"x,c\n1,2,3\n', ("a", "bx", "c")),
        (b'a,"b,c\r\n1,2,"3"\r\n', ("a", '"b', "c")),
    ],
)
def test_a_lenient_reader_takes_a_header_of_one_line(text: bytes, names: tuple[str, ...]) -> None:
    header = header_of(text, replace(TERMS, width=3, lenient=True))
    assert (header.names, header.data.line) == (names, 2)
    assert header.data.byte == text.index(b"\n") + 1


def test_a_lenient_reader_needs_a_line_end_too() -> None:
    with pytest.raises(FormatError, match="does not end within"):
        header_of(b'"' * SAMPLE_SIZE, replace(TERMS, lenient=True))


def test_a_word_that_tells_of_a_header_is_no_name() -> None:
    terms = replace(TERMS, dialect=Dialect(delimiter=b" "), width=2)
    assert header_of(b"#Fields: date time\n1 2\n", terms).names == ("date", "time")
    assert header_of(b"#Fields: date\n1 2\n", terms).names == ("#Fields:", "date")


def test_nothing_behind_skipped_lines_is_told_so() -> None:
    with pytest.raises(
        FormatError, match=r"is empty behind the 3 skipped lines.*smaller 'skip_rows'"
    ):
        header_of(b"", begin=Position(byte=9, row=1, line=4))


def test_many_equal_names_are_no_problem() -> None:
    names = header_of(b",".join([b"a"] * MAX_COLUMNS) + b"\n").names
    assert len(set(names)) == MAX_COLUMNS
    assert names[-1] == f"a_{MAX_COLUMNS}"


@pytest.mark.parametrize(
    ("record_end", "number", "byte", "line"),
    [
        (RecordEnd.ANY, 0, 0, 1),
        (RecordEnd.ANY, 1, 3, 2),
        (RecordEnd.ANY, 2, 4, 3),
        (RecordEnd.ANY, 3, 7, 4),
        (RecordEnd.ANY, 9, 8, 4),
        (RecordEnd.LF, 1, 3, 2),
        (RecordEnd.LF, 2, 7, 3),
    ],
)
def test_lines_are_found_by_number(
    record_end: RecordEnd, number: int, byte: int, line: int
) -> None:
    found = find_line(io.BytesIO(b"a\r\n\rb\r\nc").read, number, Dialect(record_end=record_end))
    assert found == Position(byte=byte, row=1, line=line)


def test_lines_are_found_wherever_the_pieces_of_a_file_end() -> None:
    text = b"x" * ((1 << 20) - 1) + b"\r\ny\r" + b"z" * (1 << 20) + b"\rlast"
    found = find_line(io.BytesIO(text).read, 3, Dialect(record_end=RecordEnd.CR))
    assert text[found.byte :] == b"last"
    assert found.line == 4
