from __future__ import annotations

from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import given

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_parser import ParsedRow, behind, parse_row

LF = Dialect(record_end=RecordEnd.LF)
ANY = Dialect()
BACKSLASH = Dialect(escape=b"\\")
UNMARKED = Dialect(escape=None)
UNQUOTED = Dialect(quote=None, escape=None)
LONG = Dialect(delimiter=b"||", quote=b"'", escape=b"'")
MOST = 10


@pytest.mark.parametrize(
    ("dialect", "text", "fields"),
    [
        (LF, b"a,b\n", [b"a", b"b"]),
        (LF, b"a,b\r\n", [b"a", b"b"]),
        (LF, b"\n", [b""]),
        (LF, b",\n", [b"", b""]),
        (LF, b'"a,""b\n""",c\n', [b'a,"b\n"', b"c"]),
        (LF, b'"",""\r\n', [b"", b""]),
        (LF, b'15" wide,a"b"c\n', [b'15" wide', b'a"b"c']),
        (LF, b"a\rb,c\r\r\n", [b"a\rb", b"c\r"]),
        (ANY, b"a,b\r", [b"a", b"b"]),
        (ANY, b'"a\r\n",b\r', [b"a\r\n", b"b"]),
        (ANY, b"\r", [b""]),
        (BACKSLASH, b'a\\,b,"c\\"",\\"d,e\\\\\n', [b"a,b", b'c"', b'"d', b"e\\"]),
        (BACKSLASH, b"a\\\nb\\\r\nc,\\nd\\'\n", [b"a\nb\r\nc", b"\\nd'"]),
        (BACKSLASH, b'\\N,"\\N",\\\\N,\\\\\\N\n', [b"\\N", b"\\N", b"\\N", b"\\\\N"]),
        (BACKSLASH, b",\\,,\n", [b"", b",", b""]),
        (BACKSLASH, b",,\\\\\n", [b"", b"", b"\\"]),
        (UNMARKED, b'"a"b","c""d",""e"\n', [b'a"b', b'c""d', b'"e']),
        (UNMARKED, b'"a\n"",b\n', [b'a\n"', b"b"]),
        (UNQUOTED, b'"a,b"\n', [b'"a', b'b"']),
        (LONG, b"a||'b||''c'|||d|e\n", [b"a", b"b||'c", b"|d|e"]),
    ],
)
def test_a_record_is_read_in_its_dialect(
    dialect: Dialect, text: bytes, fields: list[bytes]
) -> None:
    row = parse_row(b"x\n" + text + b"next", 2, dialect, MOST)
    assert row == ParsedRow(fields=fields, width=len(fields), end=2 + len(text), stray_quote=False)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        *product(
            [LF, ANY], [b"", b"a", b"a,b", b'"a', b'"a"', b'"a\n', b'"a""\n', b'"a"x', b"a\r"]
        ),
        (BACKSLASH, b"a\\\n"),
        (BACKSLASH, b'"a\\"\n'),
        (UNMARKED, b'"a"b\n'),
        (LONG, b"a|"),
    ],
)
def test_a_record_that_does_not_end_is_none(dialect: Dialect, text: bytes) -> None:
    assert parse_row(text, 0, dialect, MOST) is None


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (LF, b'"a"b,c\n'),
        (LF, b'"a" ,c\n'),
        (LF, b'"a"\r,c\n'),
        (LF, b'c,"a""b"c"\n'),
        (BACKSLASH, b'"a""b",c\n'),
        (BACKSLASH, b'"a"\\,,c\n'),
    ],
)
def test_text_behind_a_closing_quote_is_stray(dialect: Dialect, text: bytes) -> None:
    row = parse_row(text, 0, dialect, MOST)
    assert row is not None
    assert row.stray_quote
    assert (row.end, row.width) == (len(text), 2)


@given(
    fields=st.lists(st.sampled_from(["", "a", '"b"', '"c', "\\,", "d\\\\"]), min_size=1),
    most=st.integers(0, 4),
    dialect=st.sampled_from([ANY, BACKSLASH]),
)
def test_fields_beyond_those_wanted_are_only_counted(
    fields: list[str], most: int, dialect: Dialect
) -> None:
    text = ",".join(fields).encode() + b'"\n'
    everything = parse_row(text, 0, dialect, 100)
    some = parse_row(text, 0, dialect, most)
    if everything is None or some is None:
        assert everything is some
    else:
        assert some.fields == everything.fields[:most]
        assert (some.width, some.end) == (everything.width, everything.end)
        assert some.width == len(everything.fields)


@pytest.mark.parametrize(
    ("dialect", "row", "rest"),
    [
        (LF, b'1,"a ""b"", c",x,"y,z', b'x,"y,z'),
        (LF, b"1,,,", b","),
        (BACKSLASH, b"1,a\\,b,x\\,", b"x\\,"),
        (UNQUOTED, b'1,"a,x', b"x"),
        (LONG, b"1||'a''||'||x|", b"x|"),
        (LF, b"1,a", None),
        (LF, b'1,"a,x', None),
    ],
)
def test_what_stands_behind_the_first_fields_is_as_it_stands(
    dialect: Dialect, row: bytes, rest: bytes | None
) -> None:
    assert behind(row, dialect, 2) == rest
