"""A lone CR is content where LF or CRLF end the records, also for what is found out."""

from __future__ import annotations

import pytest

from definitions.model import FileFormat, RecordEnd
from sources.formats.csv.detection import Detection, detect

LF = FileFormat(record_end=RecordEnd.LF)
HALVED = "".join(f"{i},line one\rline two,x\n" for i in range(6))


def found(text: str, layout: FileFormat = LF) -> Detection:
    return detect(text.encode(), layout, frozenset(), complete=True)


@pytest.mark.parametrize("end", [RecordEnd.LF, RecordEnd.CRLF])
def test_a_header_is_found_above_rows_with_returns_in_them(end: RecordEnd) -> None:
    seen = found("id,text,z\n" + HALVED, FileFormat(record_end=end))
    assert (seen.width, seen.skip_rows, seen.header_rows) == (3, 0, 1)
    assert seen.evidence["record_end"] == f"{end.value} given"


def test_the_delimiter_is_not_looked_for_in_pieces_of_rows() -> None:
    rows = "".join(f"{i};a, b, c\r d, e, f;x\n" for i in range(6))
    seen = found("id;text;z\n" + rows)
    assert (seen.dialect.delimiter, seen.width, seen.header_rows) == (b";", 3, 1)


def test_a_title_with_a_return_in_it_is_one_line() -> None:
    assert found("a title\rgoes on\nid,text,z\n" + HALVED).skip_rows == 1


def test_what_follows_a_return_in_a_cell_is_no_note_below_the_table() -> None:
    rows = "".join(f"{i},fine\n" for i in range(6))
    text = f"id,text\n{rows}7,Dear all\r\rThis is the last sentence of a letter.\n"
    assert found(text).end is None
    assert found(text, FileFormat(record_end=RecordEnd.ANY)).end is not None


def test_returns_that_are_found_to_be_content_end_no_lines_before_the_table() -> None:
    rows = "".join(f"{i},{'so' if i % 3 else 'line one' + chr(13) + 'two'},x\n" for i in range(30))
    seen = found("a title\rgoes on\nid,text,z\n" + rows, FileFormat())
    assert (seen.dialect.record_end, seen.skip_rows, seen.header_rows) == (RecordEnd.LF, 1, 1)
    told = "lf found: 32 '\\n', 11 '\\r', of which the rarer ones cut rows in pieces"
    assert seen.evidence["record_end"] == told


def test_returns_that_end_records_are_line_ends() -> None:
    seen = found("a title\rid,text\r1,x\r", FileFormat(record_end=RecordEnd.ANY))
    assert (seen.skip_rows, seen.width) == (1, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("cell", ["a\rb", "a\rb\rc", "a\r"])
def test_returns_in_each_row_are_content(cell: str, end: str) -> None:
    rows = "".join(f"{i},{cell},{i * 2}{end}" for i in range(12))
    seen = found(f"id,text,z{end}{rows}", FileFormat())
    assert (seen.width, seen.skip_rows, seen.header_rows) == (3, 0, 1)
    assert seen.dialect.record_end is (RecordEnd.LF if end == "\n" else RecordEnd.CRLF)
    assert seen.evidence["record_end"].endswith("rows fit if a lone '\\r' is content")


def test_returns_between_rows_are_line_ends_though_most_rows_have_one() -> None:
    seen = found("id,text,z\n" + "1,x,y\r2,x,y\n" * 6, FileFormat())
    assert (seen.width, seen.dialect.record_end) == (3, RecordEnd.ANY)


def test_returns_are_no_content_where_the_first_line_is_a_title() -> None:
    seen = found("a title\nid,text,z\n" + "1,x,y\r2,x,y\n" * 6, FileFormat())
    assert (seen.width, seen.dialect.record_end, seen.skip_rows) == (3, RecordEnd.ANY, 1)
