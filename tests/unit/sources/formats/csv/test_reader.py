"""BR25 and the section on file formats: delimited files as batches."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from definitions.batches import Batch, Position
from definitions.errors import FormatError, LostLeaseError
from definitions.faults import FaultCode
from definitions.model import FileFormat, MalformedRows, RecordEnd
from sources.base import ExpandLimits, ReadTerms
from sources.encoding import SAMPLE_SIZE
from sources.formats.csv import CsvFormat
from sources.formats.csv.reader import CsvReader
from tests.reading import numbered

SMALL = CsvFormat(ReadTerms(batch_size=64), block_size=16)


def opened(tmp_path: Path, data: bytes, way: CsvFormat = SMALL) -> CsvReader:
    (tmp_path / "f").write_bytes(data)
    return way.open(tmp_path / "f", "people.csv")


def rows_of(batches: Sequence[Batch]) -> list[tuple[str, ...]]:
    return [row for batch in batches for row in batch.frame.rows()]


def seen(batch: Batch) -> tuple[object, ...]:
    numbers = (batch.rows.tolist(), batch.lines.tolist())
    return (batch.frame.rows(), *numbers, tuple(batch.faults), batch.end)


def test_every_cell_is_text_and_an_empty_one_is_empty_text(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'id,a,b\n1,,""\n2,x\x00y,null\n3, z ,007\n')
    (batch,) = reader.batches()
    assert batch.frame.schema == {"id": pl.String, "a": pl.String, "b": pl.String}
    assert batch.frame.rows() == [("1", "", ""), ("2", "x\x00y", "null"), ("3", " z ", "007")]


def test_rows_and_lines_are_numbered_and_faults_are_left_out(tmp_path: Path) -> None:
    data = b'id,a\n1,"x\ny"\n\n2\n3,"a"b\n4,5,6\n7,\xff\n8,15" wide\n9,"open\n10,\xc3\xa9\xc3\xa9\n'
    batches = list(opened(tmp_path, data).batches())
    assert rows_of(batches) == [("1", "x\ny"), ("8", '15" wide'), ("10", "éé")]
    assert [n for batch in batches for n in batch.rows] == [1, 6, 8]
    assert [n for batch in batches for n in batch.lines] == [2, 9, 11]
    faults = [fault for batch in batches for fault in batch.faults]
    assert [(fault.row, fault.line, fault.code) for fault in faults] == [
        (2, 5, FaultCode.TOO_FEW_FIELDS),
        (3, 6, FaultCode.STRAY_QUOTE),
        (4, 7, FaultCode.TOO_MANY_FIELDS),
        (5, 8, FaultCode.BAD_ENCODING),
        (7, 10, FaultCode.UNCLOSED_QUOTE),
    ]
    assert {(f.file, f.column, f.rejects_row) for f in faults} == {("people.csv", None, True)}
    assert sum(batch.read for batch in batches) == 8


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'2,"Eva', FaultCode.UNCLOSED_QUOTE),
        (b'"2,Eva', FaultCode.UNCLOSED_QUOTE),
        (b'2,"E"va', FaultCode.STRAY_QUOTE),
    ],
)
def test_the_only_quote_of_a_file_is_a_fault_where_it_is_out_of_place(
    row: bytes, code: FaultCode, tmp_path: Path
) -> None:
    data = b"id,name\n1,Jana\n" + row + b"\n3,Petr\n4,Ivo\n"
    batches = list(opened(tmp_path, data).batches())
    assert rows_of(batches) == [("1", "Jana"), ("3", "Petr"), ("4", "Ivo")]
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.code, fault.value) == (2, 3, code, row.decode())


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize(("first", "last"), [("'s-Hertogenbosch", "Wolves'"), ("'", "'")])
@pytest.mark.parametrize("between", [1, 40, 3000])
def test_two_apostrophes_are_no_quotes_of_the_rows_between(
    between: int, first: str, last: str, quote: str, tmp_path: Path
) -> None:
    rows = [("1", first, "10"), *[("2", "Utrecht", "20")] * between, ("3", last, "30")] * 2
    data = "".join(f"{a},{b if chr(39) in b else quote + b + quote},{c}\n" for a, b, c in rows)
    batches = list(opened(tmp_path, b"id,city,price\n" + data.encode()).batches())
    assert rows_of(batches) == rows
    assert not any(batch.faults for batch in batches)


@pytest.mark.parametrize(
    "rows",
    [
        b'1,"Eva" s,4\n2,"Jan",5\n3,b,6\n4,"Iva" t,7\n5,"Petr",8\n',
        b'1,"Eva,4\n2,"Jan",5\n3,b,6\n4,"Iva,7\n5,"Petr",8\n',
    ],
)
def test_two_quotes_out_of_place_swallow_no_rows(rows: bytes, tmp_path: Path) -> None:
    batches = list(opened(tmp_path, b"id,name,price\n" + rows).batches())
    assert rows_of(batches) == [("2", "Jan", "5"), ("3", "b", "6"), ("5", "Petr", "8")]
    faults = [fault for batch in batches for fault in batch.faults]
    code = FaultCode.STRAY_QUOTE if b'Eva"' in rows else FaultCode.UNCLOSED_QUOTE
    assert [(fault.row, fault.code) for fault in faults] == [(1, code), (4, code)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("all_quoted", [False, True])
@pytest.mark.parametrize("open_row", ['2,b,"open', '2,"open,b', '"2,open,b'])
@pytest.mark.parametrize("next_row", [("3", "c", "two{}lines"), ("3", "two{}lines{}and", "c")])
def test_an_unclosed_quote_costs_no_row_that_follows_and_has_several_lines(
    next_row: tuple[str, ...], open_row: str, all_quoted: bool, end: str, tmp_path: Path
) -> None:
    cells = tuple(cell.replace("{}", end) for cell in next_row)
    quoted = ",".join(f'"{cell}"' if all_quoted or end in cell else cell for cell in cells)
    data = end.join(("id,name,note", '1,a,"ok"', open_row, quoted, '4,d,"x"', ""))
    batches = list(opened(tmp_path, data.encode()).batches())
    assert rows_of(batches) == [("1", "a", "ok"), cells, ("4", "d", "x")]
    (fault,) = [fault for batch in batches for fault in batch.faults]
    found = (fault.row, fault.line, fault.code, fault.value)
    assert found == (2, 3, FaultCode.UNCLOSED_QUOTE, open_row)


def test_a_given_remark_in_a_field_is_a_part_of_it(tmp_path: Path) -> None:
    way = replace(SMALL, terms=ReadTerms(layout=FileFormat(remark="#")))
    (batch,) = opened(
        tmp_path, b'id,a,b\n1,"x\n# in",2\n2,"y\n# in",3\n# out\n3,z,4\n', way
    ).batches()
    assert batch.frame.rows() == [("1", "x\n# in", "2"), ("2", "y\n# in", "3"), ("3", "z", "4")]


@pytest.mark.parametrize("data", [b"id,name", b"id,name\n", b"\xef\xbb\xbfid,name\r\n\r\n"])
def test_a_file_with_a_header_only_has_no_batches(data: bytes, tmp_path: Path) -> None:
    """BR25."""
    reader = opened(tmp_path, data)
    assert reader.header == ("id", "name")
    assert list(reader.batches()) == []


@pytest.mark.parametrize("data", [b"", b"\n\n", gzip.compress(b"")], ids=["none", "blank", "gzip"])
def test_a_file_without_a_header_is_an_error(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"'people\.csv' is empty"):
        opened(tmp_path, data)


TEXT = 'id;größe;note\r\n1;5 €;"a;b"\r\n2;;"x\r\ny"\r\n'
ROWS = [("1", "5 €", "a;b"), ("2", "", "x\r\ny")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_and_compression_make_no_difference(
    encoding: str, pack: type[bytes], tmp_path: Path
) -> None:
    reader = opened(tmp_path, pack(TEXT.encode(encoding)))
    batches = list(reader.batches())
    assert reader.header == ("id", "größe", "note")
    assert rows_of(batches) == ROWS
    assert [batch.end for batch in batches][-1] == Position(byte=len(TEXT.encode()), row=3, line=5)


def test_remarks_between_rows_are_no_rows_and_are_told(tmp_path: Path) -> None:
    text = b'id,name\n1,a\n# one, two, three\n#\n2,b\n# "never closed\n3,c\n4\n'
    reader = opened(tmp_path, text)
    batches = list(reader.batches())
    assert rows_of(batches) == [("1", "a"), ("2", "b"), ("3", "c")]
    assert numbered(batches) == ([1, 2, 3], [2, 5, 7])
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.code) == (4, 8, FaultCode.TOO_FEW_FIELDS)
    told = "lines with '#' that are no rows are passed over: 3 seen"
    assert reader.evidence["remarks"] == told


@pytest.mark.parametrize(
    ("text", "header", "part"),
    [
        ("a,b,\n1,2\n3,4\n", ("a", "b"), "header"),
        ("id;name;day\n1,a,2020-01-02\n3,b,2020-01-03\n", ("id", "name", "day"), "header_rows"),
        ('"n","t"\n"a",1,"x"\n"b",2,"y"\n', ("row_name", "n", "t"), "row_names"),
    ],
)
def test_a_header_that_is_unlike_the_rows_is_understood_and_told(
    text: str, header: tuple[str, ...], part: str, tmp_path: Path
) -> None:
    reader = opened(tmp_path, text.encode())
    assert reader.header == header
    assert part in reader.evidence
    assert [len(row) for row in rows_of(list(reader.batches()))] == [len(header)] * 2


def test_what_was_detected_is_told(tmp_path: Path) -> None:
    reader = opened(tmp_path, gzip.compress("id\tid\t\r\n1\t2\t3\r\n".encode("utf-16")))
    assert reader.evidence == {
        "compression": "gzip",
        "encoding": "utf-16-le found: it begins with a byte order mark",
        "renamed_columns": "'id' -> 'id_2', '' -> 'column_3'",
        "delimiter": "'\\t' found: 2 of 2 rows have 3 fields",
        "quote": "'\"' found",
        "escape": "'\"' found: doubled, or there are none inside",
        "record_end": "crlf found: all the same",
        "skip_rows": "0 found: the first full row of 3 fields",
        "header_rows": "1 found: it holds words where the rows below do not",
    }


def test_a_file_whose_lines_end_with_carriage_returns_is_read(tmp_path: Path) -> None:
    reader = opened(tmp_path, b'id,a\r1,x\r\r2,"y\rz"\r')
    batches = list(reader.batches())
    assert rows_of(batches) == [("1", "x"), ("2", "y\rz")]
    assert [n for batch in batches for n in batch.lines] == [2, 4]


def test_one_column_keeps_its_empty_lines(tmp_path: Path) -> None:
    batches = list(opened(tmp_path, b'id\n1\n\n""\n2\n').batches())
    assert rows_of(batches) == [("1",), ("",), ("",), ("2",)]


CELL = st.text(alphabet='ab "\n\r,;é😀', max_size=6)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=15)
)


def table(rows: list[list[str]], delimiter: str, line_end: str, quoting: int) -> bytes:
    width = len(rows[0]) if rows else 2
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([f"c{number}" for number in range(width)])
    writer.writerows(rows)
    return out.getvalue().encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=TABLES,
    delimiter=st.sampled_from(",;\t|"),
    written=st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
    resumed=st.booleans(),
)
def test_a_file_reads_as_the_csv_module_reads_it_and_from_every_batch_on(
    rows: list[list[str]],
    delimiter: str,
    written: tuple[str, int],
    resumed: bool,
    tmp_path: Path,
) -> None:
    data = table(rows, delimiter, *written)
    way = replace(SMALL, terms=replace(SMALL.terms, layout=FileFormat(footer_rows=0)))
    reader = opened(tmp_path, gzip.compress(data) if resumed else data, way)
    batches = list(reader.batches())
    expected = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))[1:]
    assert [list(row) for row in rows_of(batches)] == expected
    assert [n for batch in batches for n in batch.rows] == list(range(1, len(rows) + 1))
    for done, batch in enumerate(batches, start=1):
        rest = [seen(other) for other in reader.batches(batch.end)]
        assert rest == [seen(other) for other in batches[done:]]


def test_a_batch_holds_about_as_much_input_as_it_should(tmp_path: Path) -> None:
    line = b"1,abcdefghijklmnop\n"
    way = CsvFormat(ReadTerms(batch_size=1 << 14), block_size=1 << 12)
    batches = list(opened(tmp_path, b"id,a\n" + line * 10_000, way).batches())
    ends = [batch.end.byte for batch in batches]
    sizes = [end - begin for begin, end in pairwise(ends)]
    assert all(1 << 14 <= size <= (1 << 14) + (1 << 12) for size in sizes[:-1])
    assert sum(batch.frame.height for batch in batches) == 10_000


def test_a_batch_of_faults_only_stays_small(tmp_path: Path) -> None:
    batches = list(opened(tmp_path, b"id,a\n" + b"x\n" * 50_000, CsvFormat()).batches())
    assert sum(len(batch.faults) for batch in batches) == 50_000
    assert max(len(batch.faults) for batch in batches) < 11_000


@pytest.mark.parametrize(
    "line",
    [b"x" * (20 << 20), b"," * (20 << 20), b'"' + b"x" * (20 << 20)],
    ids=["letters", "delimiters", "open quote"],
)
def test_one_huge_line_takes_little_memory(line: bytes, tmp_path: Path) -> None:
    way = CsvFormat(ReadTerms(batch_size=1 << 18), block_size=1 << 16)
    reader = opened(tmp_path, b"id,a\n1,2\n" + line, way)
    tracemalloc.start()
    try:
        batches = list(reader.batches())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows_of(batches) == [("1", "2")]
    assert [f.code for batch in batches for f in batch.faults] == [FaultCode.ROW_TOO_LONG]
    assert peak < 100 << 20


def test_a_bomb_is_refused_while_reading(tmp_path: Path) -> None:
    limits = ExpandLimits(max_ratio=50, free_size=1 << 21)
    data = gzip.compress(b"id,a\n" + b"1,aaaaaaaaaaaa\n" * 500_000)
    reader = opened(tmp_path, data, CsvFormat(ReadTerms(limits=limits)))
    with pytest.raises(FormatError, match="grows more than 50 times"):
        list(reader.batches())


def test_rows_before_the_cut_of_a_gzip_file_are_read_and_then_it_fails(tmp_path: Path) -> None:
    text = b"id,a\n" + b"".join(b"%d,%x\n" % (n, n * 7919) for n in range(300_000))
    way = CsvFormat(ReadTerms(batch_size=1 << 18), block_size=1 << 16)
    reader = opened(tmp_path, gzip.compress(text, 1)[:-1000], way)
    batches: list[Batch] = []
    with pytest.raises(FormatError, match="ends in the middle"):
        batches.extend(reader.batches())
    rows = len(rows_of(batches))
    assert 100_000 < rows < 300_000
    assert batches[-1].end.row == rows + 1


def test_whoever_stops_the_way_to_where_a_packed_file_is_resumed_is_heard(tmp_path: Path) -> None:
    stopped = LostLeaseError("stop")

    def heartbeat() -> None:
        raise stopped

    data = gzip.compress(b"id\n1\n2\n")
    reader = opened(tmp_path, data, CsvFormat(ReadTerms(heartbeat=heartbeat)))
    with pytest.raises(LostLeaseError):
        next(reader.batches(Position(byte=5, row=2, line=3)))


def told(layout: FileFormat) -> CsvFormat:
    return CsvFormat(ReadTerms(layout=layout, batch_size=16), block_size=8)


def test_everything_can_be_told_of_a_file(tmp_path: Path) -> None:
    layout = FileFormat(
        delimiter="||",
        quote="'",
        escape="\\",
        record_end=RecordEnd.ANY,
        header_rows=2,
        skip_rows=2,
        footer_rows=1,
    )
    data = b"made by x\r'\rid||sales\n||2026\r1||'a\\'\r\n||'\n2||b\\||\\|c\ntotal\n"
    reader = opened(tmp_path, data, told(layout))
    batches = list(reader.batches())
    assert reader.header == ("id", "sales 2026")
    assert rows_of(batches) == [("1", "a'\r\n||"), ("2", "b|||c")]
    assert [n for batch in batches for n in batch.lines] == [5, 7]
    assert not any(batch.faults for batch in batches)


REMARKED = b"""\
// written by "x
// id;name;since
id,name
// one, two "three
1,"a
// b ""c"" d"
//2,x
// the rest, 'it''s
3,c
//"""


@pytest.mark.parametrize("size", [1, 5, 1 << 20])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_a_line_that_begins_as_told_is_no_row_whatever_is_on_it(
    line_end: bytes, size: int, tmp_path: Path
) -> None:
    terms = ReadTerms(layout=FileFormat(remark="//", quote='"'), batch_size=size)
    data = REMARKED.replace(b"\n", line_end)
    reader = opened(tmp_path, data, CsvFormat(terms, block_size=size))
    batches = list(reader.batches())
    assert reader.header == ("id", "name")
    inside = f'a{line_end.decode()}// b "c" d'
    assert rows_of(batches) == [("1", inside), ("3", "c")]
    assert [line for batch in batches for line in batch.lines] == [5, 9]
    assert [row for batch in batches for row in batch.rows] == [1, 2]
    assert not any(batch.faults for batch in batches)
    assert reader.evidence["remark"] == "'//' given"


PIECES = st.text(st.sampled_from('a#",;\n\\ '), max_size=6)
RECORDS = st.lists(st.tuples(st.sampled_from("xyz"), PIECES), min_size=1, max_size=8)
EVERY_REMARK = FileFormat(remark="#", delimiter=",", quote='"', escape='"')
REMARKS = st.lists(st.text(st.sampled_from('a#",;\\ '), max_size=6), max_size=3)


@given(records=RECORDS, remarks=st.lists(REMARKS, min_size=9, max_size=9), size=st.integers(1, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_remarks_between_rows_change_nothing_but_lines(
    records: list[tuple[str, str]], remarks: list[list[str]], size: int, tmp_path: Path
) -> None:
    layout = replace(EVERY_REMARK, record_end=RecordEnd.LF, header_rows=1, skip_rows=0)
    terms = ReadTerms(layout=layout, batch_size=size)
    data = io.StringIO()
    for record, before in zip([("id", "cell"), *records], remarks, strict=False):
        data.writelines(f"#{remark}\n" for remark in before)
        csv.writer(data, lineterminator="\n").writerow(record)
    reader = opened(tmp_path, data.getvalue().encode(), CsvFormat(terms, block_size=size))
    batches = list(reader.batches())
    assert reader.header == ("id", "cell")
    assert rows_of(batches) == records
    assert [row for batch in batches for row in batch.rows] == list(range(1, len(records) + 1))
    assert not any(batch.faults for batch in batches)
    rest = [seen(batch) for batch in reader.batches(batches[0].end)]
    assert rest == [seen(batch) for batch in batches[1:]]


def test_a_remark_may_be_longer_than_any_row_in_any_encoding(tmp_path: Path) -> None:
    data = b"a,b\n1,2\n#" + b"x" * (5 << 20) + b'",\n# \xff\n3,4\n'
    layout = FileFormat(remark="#", encoding="utf-8")
    batches = list(opened(tmp_path, data, CsvFormat(ReadTerms(layout=layout))).batches())
    assert rows_of(batches) == [("1", "2"), ("3", "4")]
    assert [row for batch in batches for row in batch.rows] == [1, 2]
    assert not any(batch.faults for batch in batches)


@pytest.mark.parametrize(
    "data",
    [
        b"+---+------+\n| n | city |\n+---+------+\n| 1 | Brno |\n| 2 | Ulm  |\n+---+------+\n",
        b"25.11.2026  List  1\n\n----------\n|n|city|\n----------\n|1|Brno|\n|2|Ulm|\n---------",
        b"|n|city|\n|---|:---|\n|1|Brno|\n|2|Ulm|\n",
    ],
)
def test_lines_drawn_between_rows_are_passed_over(data: bytes, tmp_path: Path) -> None:
    reader = opened(tmp_path, data)
    batches = list(reader.batches())
    assert reader.header == ("n", "city")
    assert rows_of(batches) == [("1", "Brno"), ("2", "Ulm")]
    assert not any(batch.faults for batch in batches)
    assert "rules" in reader.evidence


def test_remarks_can_be_told_to_be_rows(tmp_path: Path) -> None:
    data = b"id,tag\n#1,a\n# only\n"
    reader = opened(tmp_path, data, told(FileFormat(remark="")))
    (batch,) = reader.batches()
    assert batch.frame.rows() == [("#1", "a")]
    assert [fault.value for fault in batch.faults] == ["# only"]
    reader = opened(tmp_path, data, told(FileFormat(remark="#")))
    assert list(reader.batches()) == []


def test_lines_that_are_skipped_may_be_more_than_the_sample_holds(tmp_path: Path) -> None:
    layout = FileFormat(skip_rows=30_000, delimiter=",")
    data = b"x" * 99 + b"\n"
    reader = opened(tmp_path, data * 30_000 + b"id,a\n1,2\n", told(layout))
    (batch,) = reader.batches()
    assert (reader.header, batch.frame.rows()) == (("id", "a"), [("1", "2")])
    assert (batch.lines.tolist(), batch.end.byte) == ([30_002], 3_000_009)


def test_a_file_without_header_has_numbered_columns(tmp_path: Path) -> None:
    reader = opened(tmp_path, b"1,2\n3,4\n", told(FileFormat(header_rows=0)))
    assert (reader.header, reader.named) == (("column_1", "column_2"), False)
    assert rows_of(list(reader.batches())) == [("1", "2"), ("3", "4")]
    named = FileFormat(header_rows=0, column_names=("a", "b"))
    reader = opened(tmp_path, b"1,2\n3,4\n", told(named))
    assert (reader.header, reader.named) == (("a", "b"), True)
    assert rows_of(list(reader.batches())) == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("names", [(), ("key", "text")])
@pytest.mark.parametrize("header", [b",id,name", b"id,,name", b"id,name,,,"])
def test_empty_names_that_no_column_has_are_left_out(
    header: bytes, names: tuple[str, ...], tmp_path: Path
) -> None:
    layout = FileFormat(column_names=names)
    reader = opened(tmp_path, header + b"\n1,Anna\n2,Bob\n", told(layout))
    assert reader.header == (names or ("id", "name"))
    assert rows_of(list(reader.batches())) == [("1", "Anna"), ("2", "Bob")]


def test_the_first_batch_of_a_long_file_is_a_small_one(tmp_path: Path) -> None:
    data = b"id,a\n" + b"".join(b"%d,%s\n" % (n, b"x" * 500) for n in range(9_000))
    reader = opened(tmp_path, data, CsvFormat(terms=ReadTerms(batch_size=2 << 20)))
    first, *others = batches = list(reader.batches())
    sizes = [after.end.byte - before.end.byte for before, after in pairwise(batches)]
    assert first.end.byte < 1 << 20
    assert all(size > 1 << 20 for size in sizes[:-1])
    assert [seen(batch) for batch in reader.batches(first.end)] == [seen(each) for each in others]


@given(rows=st.integers(1, 12), footer=st.integers(1, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_at_the_end_are_left_out_wherever_reading_goes_on(
    rows: int, footer: int, tmp_path: Path
) -> None:
    data = b"id,a\n" + b"".join(b"%d,x\n\n" % number for number in range(rows)) + b"no\n" * footer
    reader = opened(tmp_path, data, told(FileFormat(footer_rows=footer, delimiter=",")))
    batches = list(reader.batches())
    assert rows_of(batches) == [(str(number), "x") for number in range(rows)]
    assert not any(batch.faults for batch in batches)
    for done, batch in enumerate(batches, start=1):
        rest = [seen(other) for other in reader.batches(batch.end)]
        assert rest == [seen(other) for other in batches[done:]]


@pytest.mark.parametrize("last", [b"# end of file\n", b"\n(2 rows)\n", b"# end\n\n# of file\n"])
def test_a_given_footer_may_be_of_what_is_passed_over_elsewhere(
    last: bytes, tmp_path: Path
) -> None:
    layout = FileFormat(footer_rows=len(last.split(b"#")[1:]) or 1)
    batches = list(opened(tmp_path, b"id,a\n1,x\n2,y\n" + last, told(layout)).batches())
    assert rows_of(batches) == [("1", "x"), ("2", "y")]


def test_the_first_malformed_row_ends_the_reading_where_that_is_wanted(tmp_path: Path) -> None:
    layout = FileFormat(malformed_rows=MalformedRows.FAIL)
    data = b"id,a\n" + b"1,2\n" * 9 + b"3\n4,5,6\n"
    batches: list[Batch] = []
    with pytest.raises(FormatError) as caught:
        batches.extend(opened(tmp_path, data, told(layout)).batches())
    assert str(caught.value) == (
        "row 10 of 'people.csv' (line 11) is malformed: expected 2 fields, found 1; "
        "correct it, or set 'malformed_rows' to 'reject' or 'pad'"
    )
    assert set(rows_of(batches)) == {("1", "2")}


def test_a_malformed_row_at_the_end_that_is_no_data_fails_nothing(tmp_path: Path) -> None:
    layout = FileFormat(malformed_rows=MalformedRows.FAIL, footer_rows=1)
    batches = list(opened(tmp_path, b"id,a\n1,2\ntotal\n", told(layout)).batches())
    assert rows_of(batches) == [("1", "2")]


def test_malformed_rows_are_padded_where_that_is_wanted(tmp_path: Path) -> None:
    layout = FileFormat(malformed_rows=MalformedRows.PAD, delimiter=",", quote='"')
    data = b'id,a,b\n1\n2,x,y,z\n3,"x "y" z",w\n4;x;y\n5,"x,y\n6,\xff,y\xc3\xa9\xc3\xa9\n7,x,y\n'
    batches = list(opened(tmp_path, data, told(layout)).batches())
    assert rows_of(batches) == [
        ("1", "", ""),
        ("2", "x", "y"),
        ("3", 'x "y" z', "w"),
        ("4", "x", "y"),
        ("5", '"x', "y"),
        ("6", "\xff", "yéé"),
        ("7", "x", "y"),
    ]
    faults = [fault for batch in batches for fault in batch.faults]
    assert [(fault.row, fault.line, fault.rejects_row) for fault in faults] == [
        (1, 2, False),
        (2, 3, False),
        (3, 4, False),
        (4, 5, False),
        (5, 6, False),
        (6, 7, False),
    ]
    assert faults[0].message == "expected 3 fields, found 1; the missing cells are empty"
    assert sum(batch.read for batch in batches) == 7


def test_cells_are_kept_byte_for_byte_wherever_a_batch_begins(tmp_path: Path) -> None:
    """But a mark at the beginning of a line begins another file."""
    data = "id,a\n1,\ufeff\n\ufeff2,x\r\n\ufeff,\ufeff\n3\r,\r\r\n".encode()
    rows = rows_of(
        list(opened(tmp_path, data, told(FileFormat(record_end=RecordEnd.LF))).batches())
    )
    assert rows == [("1", "\ufeff"), ("2", "x"), ("", "\ufeff"), ("3\r", "\r")]


def test_where_one_field_breaks_the_rules_the_quotes_of_the_others_are_still_doubled(
    tmp_path: Path,
) -> None:
    layout = FileFormat(malformed_rows=MalformedRows.PAD, delimiter=",", quote='"', escape='"')
    data = b'id,name\n""1","the ""best"""\n2,x\n'

    assert rows_of(list(opened(tmp_path, data, told(layout)).batches())) == [
        ('"1', 'the "best"'),
        ("2", "x"),
    ]


@pytest.mark.parametrize("malformed", [MalformedRows.REJECT, MalformedRows.PAD])
@pytest.mark.parametrize(
    ("line", "header"),
    [(b'""id","name"', ('"id', "name")), (b'id,"name', ("id", '"name'))],
)
def test_quotes_out_of_place_in_a_header_are_told_and_cost_no_file(
    line: bytes, header: tuple[str, ...], malformed: MalformedRows, tmp_path: Path
) -> None:
    layout = FileFormat(malformed_rows=malformed, delimiter=",", quote='"', header_rows=1)

    reader = opened(tmp_path, line + b"\n1,x\n2,y\n", told(layout))

    assert reader.header == header
    assert reader.evidence["header"].startswith("quotes in it are out of place")
    assert rows_of(list(reader.batches())) == [("1", "x"), ("2", "y")]


def test_quotes_out_of_place_in_a_header_end_a_run_that_is_to_fail(tmp_path: Path) -> None:
    layout = FileFormat(malformed_rows=MalformedRows.FAIL, delimiter=",", header_rows=1)

    with pytest.raises(FormatError, match="has text after a closing quote"):
        opened(tmp_path, b'""id","name"\n1,x\n2,y\n', told(layout))


def test_a_header_with_fewer_names_than_the_rows_have_fields_leaves_columns_numbered(
    tmp_path: Path,
) -> None:
    layout = FileFormat(delimiter=",", header_rows=1, skip_rows=0)

    reader = opened(tmp_path, b"id,name\n1,x,\n2,y,\n3,z,\n", told(layout))

    assert reader.header == ("id", "name", "column_3")
    assert rows_of(list(reader.batches())) == [("1", "x", ""), ("2", "y", ""), ("3", "z", "")]


def test_notes_below_the_rows_are_not_read_and_are_told(tmp_path: Path) -> None:
    text = b"id,name\n1,a\n2,b\n\nSource: the office, 2024\nAll of it\n"
    reader = opened(tmp_path, text)
    batches = list(reader.batches())
    assert rows_of(batches) == [("1", "a"), ("2", "b")]
    assert [fault for batch in batches for fault in batch.faults] == []
    assert reader.evidence["footer_rows"] == "2 found: notes below the table are no rows"
    assert list(reader.batches(batches[-1].end)) == []


@pytest.mark.parametrize("layout", [FileFormat(footer_rows=0), FileFormat(remark="")])
def test_notes_are_malformed_rows_where_there_shall_be_none(
    layout: FileFormat, tmp_path: Path
) -> None:
    reader = opened(tmp_path, b"id,name\n1,a\n2,b\n\nAs of today\n(2 rows)\n", told(layout))
    batches = list(reader.batches())
    assert rows_of(batches) == [("1", "a"), ("2", "b")]
    assert len([fault for batch in batches for fault in batch.faults]) == 2 - (
        layout.remark is None
    )


def test_what_databases_draw_and_count_around_rows_is_passed_over(tmp_path: Path) -> None:
    text = b" id | name \n----+------\n  1 | anna\n  2 | bert\n(2 rows)\n\n"
    (batch,) = opened(tmp_path, text).batches()
    assert (batch.frame.height, batch.faults) == (2, ())


WRAPPED = (
    b'"id,name,price"\r\n"1,""a, b"",2"\r\n3,c,4\r\n"5,""d\r\ne"",6"\r\n"7,f"\r\n'
    + b'"8,g,9"\r\n' * 6
)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_rows_in_quotes_as_a_whole_are_read_without_these(
    pack: type[bytes], tmp_path: Path
) -> None:
    reader = opened(tmp_path, pack(WRAPPED))
    batches = list(reader.batches())
    assert rows_of(batches) == [
        ("1", "a, b", "2"),
        ("3", "c", "4"),
        ("5", "d\r\ne", "6"),
        *[("8", "g", "9")] * 6,
    ]
    assert numbered(batches)[1][:4] == [2, 3, 4, 7]
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.value) == (4, 6, "7,f")
    assert reader.evidence["wrapped"].startswith("found: rows are in quotes")
    assert rows_of(list(reader.batches(batches[0].end))) == rows_of(batches[1:])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_columns_that_are_aligned_with_spaces_are_read_as_such(
    pack: type[bytes], tmp_path: Path
) -> None:
    lines = [f"{i:6}   {i * 35:6}  {i * 0.5:.1f}  \n" for i in range(1, 301)]
    text = "  day    count   temp\n" + "".join(lines) + "\n  301      7\n  302  8 9\n"
    reader = opened(tmp_path, pack(text.encode()))
    batches = list(reader.batches())
    assert reader.header == ("day", "count", "temp")
    assert rows_of(batches)[:2] == [("1", "35", "0.5"), ("2", "70", "1.0")]
    assert rows_of(batches)[-1] == ("302", "8", "9")
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.value) == (301, 303, "301 7")
    assert reader.evidence["aligned"].startswith("found: columns are aligned with spaces")
    assert len(batches) > 1
    for place, batch in enumerate(batches):
        assert rows_of(list(reader.batches(batch.end))) == rows_of(batches[place + 1 :])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_rows_in_frames_are_read_without_them(pack: type[bytes], tmp_path: Path) -> None:
    lines = [f"| {i:6} | name {i} | {'' if i % 2 else 'x'} |\n" for i in range(1, 301)]
    head = "|     id | name | flag |\n|-------:|------|------|\n"
    reader = opened(tmp_path, pack((head + "".join(lines) + "| 301 | short |\n").encode()))
    batches = list(reader.batches())
    assert reader.header == ("id", "name", "flag")
    assert rows_of(batches)[:2] == [("1", "name 1", ""), ("2", "name 2", "x")]
    assert len(rows_of(batches)) == 300
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.value) == (301, 303, "301|short")
    assert reader.evidence["framed"].startswith("found: rows are in frames")
    for place, batch in enumerate(batches):
        assert rows_of(list(reader.batches(batch.end))) == rows_of(batches[place + 1 :])


@pytest.mark.parametrize("malformed", [MalformedRows.REJECT, MalformedRows.PAD])
def test_files_that_were_put_one_behind_the_other_are_read_as_one(
    malformed: MalformedRows, tmp_path: Path
) -> None:
    part = b'\xef\xbb\xbf"id","name"\r\n"1","a, b"\r\n'
    text = part + part + b'\xef\xbb\xbf"2","c\r\nd"\r\n\xef\xbb\xbf3,e\r\n'
    reader = opened(tmp_path, text, told(FileFormat(malformed_rows=malformed)))
    batches = list(reader.batches())
    assert rows_of(batches) == [("1", "a, b"), ("1", "a, b"), ("2", "c\r\nd"), ("3", "e")]
    assert numbered(batches) == ([1, 3, 4, 5], [2, 4, 5, 7])
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.code, fault.rejects_row) == (
        2,
        3,
        FaultCode.REPEATED_HEADER,
        True,
    )


def test_a_row_like_a_header_that_may_be_none_is_a_row(tmp_path: Path) -> None:
    batches = list(opened(tmp_path, b"red,blue\nred,green\nred,blue\n").batches())
    assert rows_of(batches) == [("red", "green"), ("red", "blue")]


def test_the_mark_that_ends_a_file_of_dos_is_no_part_of_its_last_row(tmp_path: Path) -> None:
    batches = list(opened(tmp_path, b"id,name\n1,a\n2,b\x1a").batches())
    assert rows_of(batches) == [("1", "a"), ("2", "b")]
    assert batches[-1].end.byte == len(b"id,name\n1,a\n2,b\x1a")


PADDED = CsvFormat(ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD)))


def test_rows_of_another_program_in_a_file_of_utf_8_are_read(tmp_path: Path) -> None:
    data = "id,name\n1,Köln\n2,Müller\n3,Größe\n".encode() + "4,Fürth\n".encode("cp1252")
    (batch,) = opened(tmp_path, data, PADDED).batches()
    assert batch.frame.rows()[2:] == [("3", "Größe"), ("4", "Fürth")]
    (fault,) = batch.faults
    assert (fault.row, fault.code, fault.rejects_row) == (4, FaultCode.BAD_ENCODING, False)
    assert fault.message.endswith("in the file's encoding; they are read as Windows-1252")


def test_notes_below_a_long_table_are_no_rows(tmp_path: Path) -> None:
    rows = "".join(f"{i},name {i},{i}.5\n" for i in range(70_000))
    data = f"id,name,price\n{rows}\nSource: the office\nPrinted today\n".encode()
    assert len(data) > SAMPLE_SIZE
    reader = opened(tmp_path, data, CsvFormat())
    batches = list(reader.batches())
    assert reader.evidence["footer_rows"].startswith("2 found: ")
    assert sum(batch.read for batch in batches) == 70_000
    assert batches[-1].frame.rows()[-1] == ("69999", "name 69999", "69999.5")
    marked = opened(tmp_path, b"\xef\xbb\xbf" + data, CsvFormat())
    assert sum(batch.read for batch in marked.batches()) == 70_000


@pytest.mark.parametrize(
    "data",
    [
        b"id,name,total\n--,----,-----\n1,a b,10\n2,c d,20\n3,e f,-\n4,g,1\n5,-,3\n",
        b"        ID NAME      TOTAL\n---------- ---- ----------\n"
        + b"         %d ab           10\n" * 5 % (1, 2, 3, 4, 5)
        + b"\n5 rows selected.\n",
    ],
)
def test_lines_that_databases_draw_and_write_are_no_rows(data: bytes, tmp_path: Path) -> None:
    assert [row[0] for row in rows_of(list(opened(tmp_path, data, PADDED).batches()))] == [
        "1",
        "2",
        "3",
        "4",
        "5",
    ]


def test_a_mark_inside_the_quotes_of_the_first_name_is_left_out(tmp_path: Path) -> None:
    reader = opened(tmp_path, '"\ufeffid","name"\n"1","a"\n'.encode())
    assert reader.header == ("id", "name")


def test_a_header_of_words_between_rows_of_words_is_a_fault(tmp_path: Path) -> None:
    rows = "a,Anna,Oslo\nb,Bo,Bergen\nc,Cy,Oslo\n" * 3
    reader = opened(tmp_path, f"key,person,town\n{rows}key,person,town\n{rows}".encode(), PADDED)
    batches = list(reader.batches())
    assert [f.code for b in batches for f in b.faults] == [FaultCode.REPEATED_HEADER]
    assert len(rows_of(batches)) == 18


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_spaces_before_the_quotes_of_rows_are_taken_off(pack: type[bytes], tmp_path: Path) -> None:
    lines = [f' "{i}","a\n b, ""{i}"""\r\n' for i in range(1, 61)]
    text = ' "id","note"\r\n' + "".join(lines) + ' "61"\r\n "62","c"\r\n'
    reader = opened(tmp_path, pack(text.encode()))
    batches = list(reader.batches())
    assert reader.header == ("id", "note")
    assert rows_of(batches)[0] == ("1", 'a\n b, "1"')
    assert rows_of(batches)[-1] == ("62", "c")
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.value) == (61, 122, '"61"')
    assert reader.evidence["indented"].startswith("found: spaces before the first quotes")
    assert len(batches) > 1
    for place in range(0, len(batches), 5):
        rest = list(reader.batches(batches[place].end))
        assert rows_of(rest) == rows_of(batches[place + 1 :])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("mark", ["\x1e", "\u2028", "\x85"])
def test_records_that_other_marks_end_are_rows(
    mark: str, pack: type[bytes], tmp_path: Path
) -> None:
    lines = [f"{i},a{mark}" for i in range(1, 61)]
    text = f"id,note{mark}" + "".join(lines) + f'61{mark}62,"c\nd"{mark}'
    reader = opened(tmp_path, pack(text.encode()))
    batches = list(reader.batches())
    assert reader.header == ("id", "note")
    assert rows_of(batches)[:60:59] == [("1", "a"), ("60", "a")]
    assert rows_of(batches)[-1] == ("62", "c\nd")
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.value) == (61, 62, "61")
    assert reader.evidence["record_mark"].endswith("ends records, which no line end does")
    for place in range(0, len(batches), 5):
        rest = list(reader.batches(batches[place].end))
        assert rows_of(rest) == rows_of(batches[place + 1 :])


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        (FileFormat(column_names=("id", "status"), header_rows=0), ("id", "status")),
        (FileFormat(column_names=("id", "status")), ("id", "status")),
        (FileFormat(header_rows=0), ("column_1", "column_2")),
    ],
)
def test_names_of_columns_that_are_called_otherwise_are_not_looked_for(
    layout: FileFormat, wanted: tuple[str, ...], tmp_path: Path
) -> None:
    rows = [("1", "open"), ("2", "closed"), ("3", "status"), ("4", "column_2"), ("5", "open")]
    data = "".join(f"{key};{status}\n" for key, status in rows).encode()
    way = CsvFormat(ReadTerms(layout=layout, wanted=frozenset(wanted)))
    reader = opened(tmp_path, data, way)
    assert (reader.header, rows_of(list(reader.batches()))) == (wanted, rows)


def test_a_header_whose_names_are_replaced_is_the_first_row(tmp_path: Path) -> None:
    layout = FileFormat(column_names=("id", "status"), header_rows=1)
    way = CsvFormat(ReadTerms(layout=layout, wanted=frozenset({"id", "status"})))
    reader = opened(tmp_path, b"kod;stav\n1;open\n2;closed\n3;status\n4;open\n", way)
    rows = [("1", "open"), ("2", "closed"), ("3", "status"), ("4", "open")]
    assert rows_of(list(reader.batches())) == rows


def test_a_given_encoding_that_the_bytes_contradict_is_read_and_told(tmp_path: Path) -> None:
    data = "id,city\n1,Plzeň\n2,Třebíč\n".encode()
    way = CsvFormat(ReadTerms(layout=FileFormat(encoding="latin-1")))
    reader = opened(tmp_path, data, way)
    assert rows_of(list(reader.batches()))[0] == ("1", "Plzeň".encode().decode("latin-1"))
    assert reader.evidence["characters"] == (
        "iso8859-1 is given, but all 4 characters beyond ASCII are UTF-8; leave out "
        "'source.format.encoding', or say there what the file is written in"
    )
    assert "characters" not in opened(tmp_path, data).evidence


@pytest.mark.parametrize("data", [b"id,city\x1a", b'"id","city"\x1a', b"id,city\r\n\x1a"])
def test_the_mark_that_ends_a_file_of_dos_is_no_part_of_a_name(data: bytes, tmp_path: Path) -> None:
    reader = opened(tmp_path, data)
    assert (reader.header, rows_of(list(reader.batches()))) == (("id", "city"), [])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_round_quotes_around_cells_are_read_as_straight_ones(encoding: str, tmp_path: Path) -> None:
    lines = [f"“d, ““e””, {i:01000}”,f\n" for i in range(1, 61)]
    text = "name,c\n" + "".join(lines) + "“g, h,i\n“j”,k\n"
    reader = opened(tmp_path, ("name,c\n" + "".join(lines) + text[7:]).encode(encoding))
    batches = list(reader.batches())
    assert reader.header == ("name", "c")
    assert rows_of(batches)[0] == (f"d, “e”, {1:01000}", "f")
    assert rows_of(batches)[-1] == ("j", "k")
    (fault,) = [fault for batch in batches for fault in batch.faults]
    assert (fault.row, fault.line, fault.value) == (121, 122, "“g, h,i")
    assert reader.evidence["round_quotes"].startswith("found: quotes such as “ and ”")
    half = len(batches) // 2
    rest = list(reader.batches(batches[half - 1].end))
    assert rows_of(rest) == rows_of(batches[half:])


def test_spaces_before_the_quotes_of_some_cells_are_taken_off(tmp_path: Path) -> None:
    lines = [f'{i}, "a\n b, ""{i}""",{i}\n' if i % 3 else f'{i},"c", d\n' for i in range(1, 61)]
    reader = opened(tmp_path, ("id,note,z\n" + "".join(lines)).encode())
    batches = list(reader.batches())
    assert reader.header == ("id", "note", "z")
    assert rows_of(batches)[:3] == [
        ("1", 'a\n b, "1"', "1"),
        ("2", 'a\n b, "2"', "2"),
        ("3", "c", " d"),
    ]
    assert len(rows_of(batches)) == 60
    assert not any(batch.faults for batch in batches)
    assert reader.evidence["spaced"].startswith("found: spaces before the quotes of some cells")
    half = len(batches) // 2
    rest = list(reader.batches(batches[half - 1].end))
    assert rows_of(rest) == rows_of(batches[half:])
