from __future__ import annotations

import csv
import io

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sources.formats.csv.record import Shape, read_record, write_record

SHAPE = Shape(file="f.csv", delimiter=b",", width=2)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (b"a,b\n", [b"a", b"b"]),
        (b"a,b\r\n", [b"a", b"b"]),
        (b"\n", [b""]),
        (b",\n", [b"", b""]),
        (b'"a,""b\n""",c\n', [b'a,"b\n"', b"c"]),
        (b'"",""\r\n', [b"", b""]),
        (b'15" wide,a"b"c\n', [b'15" wide', b'a"b"c']),
        (b"a\rb,c\r\r\n", [b"a\rb", b"c\r"]),
    ],
)
def test_a_record_is_read_as_the_csv_module_reads_it(text: bytes, fields: list[bytes]) -> None:
    record = read_record(b"x\n" + text + b"next", 2, SHAPE)
    assert record is not None
    assert (record.fields, record.end, record.stray_quote) == (fields, 2 + len(text), False)


@pytest.mark.parametrize("text", [b"", b"a", b"a,b", b'"a', b'"a"', b'"a\n', b'"a""\n', b'"a"x'])
def test_a_record_that_does_not_end_is_none(text: bytes) -> None:
    assert read_record(text, 0, SHAPE) is None


@pytest.mark.parametrize("text", [b'"a"b,c\n', b'"a" ,c\n', b'"a"\r,c\n', b'c,"a""b"c"\n'])
def test_text_behind_a_closing_quote_is_stray(text: bytes) -> None:
    record = read_record(text, 0, SHAPE)
    assert record is not None
    assert record.stray_quote
    assert (record.end, len(record.fields)) == (len(text), 2)


@given(fields=st.lists(st.text(alphabet='a",\n\r;'), min_size=1, max_size=4))
def test_what_is_written_reads_back(fields: list[str]) -> None:
    text = write_record([field.encode() for field in fields], SHAPE)
    record = read_record(text, 0, SHAPE)
    assert record is not None
    assert [field.decode() for field in record.fields] == fields
    (row,) = list(csv.reader(io.StringIO(text.decode(), newline=""))) or [[""]]
    assert (row or [""]) == fields
