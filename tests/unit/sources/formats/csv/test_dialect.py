from __future__ import annotations

import pytest

from definitions.batches import Position
from definitions.errors import FormatError
from sources.encoding import SAMPLE_SIZE
from sources.formats.csv.dialect import MAX_COLUMNS, read_header


def test_a_header_gives_names_and_where_the_data_begins() -> None:
    header = read_header(b'\r\n id ,"last\nname"\r\n1,2\r\n', b",", "f.csv")
    assert header.names == ("id", "last\nname")
    assert header.data == Position(byte=20, row=1, line=4)
    assert header.renamed == {}


def test_a_header_alone_ends_with_the_file() -> None:
    assert read_header(b"id,name", b",", "f.csv").data.byte == 7


def test_names_are_made_unique_and_not_empty() -> None:
    header = read_header(b"a,a,,a_2, a ,column_3\n", b",", "f.csv")
    assert header.names == ("a", "a_3", "column_3_2", "a_2", "a_4", "column_3")
    assert header.renamed == {"a_3": "a", "a_4": "a", "column_3_2": ""}


@pytest.mark.parametrize(
    ("sample", "problem"),
    [
        (b"", "is empty; it needs at least a header line"),
        (b"\n\r\n\n", "is empty; it needs at least a header line"),
        (b'a,"b\n1,2\n', "does not end within 9 bytes; close its quotes"),
        (b"x" * SAMPLE_SIZE, f"does not end within {SAMPLE_SIZE} bytes"),
        (b'a,"b"c\n', "has text after a closing quote; double a quote in a name"),
        (b"a,\xff\n", "is not UTF-8; save the file as UTF-8"),
        (b"," * MAX_COLUMNS + b"\n", f"has {MAX_COLUMNS + 1} columns; at most {MAX_COLUMNS} work"),
    ],
)
def test_a_header_that_cannot_be_read_is_an_error(sample: bytes, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_header(sample, b",", "f.csv")
    assert problem in str(caught.value)
    assert "'f.csv'" in str(caught.value)


def test_many_equal_names_are_no_problem() -> None:
    names = read_header(b",".join([b"a"] * MAX_COLUMNS) + b"\n", b",", "f.csv").names
    assert len(set(names)) == MAX_COLUMNS
    assert names[-1] == f"a_{MAX_COLUMNS}"
