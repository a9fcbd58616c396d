from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.whole_row import LINE_END, is_right, parse_right_row, parse_whole_row

LF = Dialect(record_end=RecordEnd.LF)
DIALECTS = st.builds(
    Dialect,
    delimiter=st.sampled_from([b",", b"||", b"::", "¦".encode()]),
    quote=st.sampled_from([b'"', b"'", None]),
    escape=st.sampled_from([b'"', b"'", b"\\", None]),
    record_end=st.sampled_from([*RecordEnd]),
)
PIECES = [b",", b"|", b"||", b":", b"::", "¦".encode(), b'"', b"'", b"\\", b"\r", b"\n", b"a", b" "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)


def test_a_row_is_all_of_a_text_or_there_is_none() -> None:
    row = parse_whole_row(b'1,"a\n,b",c', LF, 2)
    assert row is not None
    assert (row.fields, row.width) == ([b"1", b"a\n,b"], 3)
    assert parse_whole_row(b"1,a\n2,b", LF, 2) is None
    assert parse_whole_row(b'1,"a', LF, 2) is None
    assert parse_whole_row(b"1,a\r", Dialect(), 2) is None


@pytest.mark.parametrize(
    "text", [b"1,2", b"1,2,3,4", b'1,"2"x,3', b'1,"2,3', b"1,2,3\n", b"1,2\n,3"]
)
def test_a_row_is_not_right_with_other_fields_or_quotes_out_of_place(text: bytes) -> None:
    assert parse_right_row(text, LF, 3) is None
    assert not is_right(text + LINE_END, LF, 3)


@given(TEXTS, DIALECTS, st.integers(1, 5))
@example(b'"a"\r', Dialect(escape=None), 1)
@example(b"a\\\r", Dialect(escape=b"\\"), 1)
@example(b'a:::"b"', Dialect(delimiter=b"::"), 2)
def test_a_pattern_tells_what_reading_a_row_would(
    text: bytes, dialect: Dialect, width: int
) -> None:
    row = parse_whole_row(text, dialect, width)
    expected = row if row and row.width == width and not row.stray_quote else None
    assert parse_right_row(text, dialect, width) == expected
