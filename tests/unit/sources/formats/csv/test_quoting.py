from __future__ import annotations

import numpy as np
import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import mark
from sources.formats.csv.quoting import Quoting, Reading, are_in_order, outside

DOUBLED = Dialect(record_end=RecordEnd.LF)
ESCAPED = Dialect(record_end=RecordEnd.LF, escape=b"\\")
UNMARKED = Dialect(record_end=RecordEnd.LF, escape=None)


def reading_of(text: bytes, dialect: Dialect, *, inside: bool = False) -> Reading:
    return Quoting(mark(text, dialect)).read(inside=inside)


def in_order(text: bytes, dialect: Dialect) -> bool:
    marks = mark(text, dialect)
    return are_in_order(marks.text, marks.quotes, 0, dialect)


def shown(text: bytes, places: list[int]) -> str:
    """Return `text` with a `^` in the place of every byte in `places`."""
    return "".join("^" if i in places else chr(byte) for i, byte in enumerate(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'"a","b"\n"c"\r\n', True),
        (b'"a""b",c\n', True),
        (b'"","",""\n', True),
        (b'"a"', True),
        (b'"a"\r', True),
        (b'"a\n', True),
        (b'x,15" wide\n', False),
        (b'"a"b\n', False),
        (b'"a"\rb\n', False),
        (b'"a" "b"\n', False),
        (b'a""b\n', False),
        (b'"a","b"c"\n', False),
    ],
)
def test_quotes_in_order_are_seen_at_once(text: bytes, expected: bool) -> None:
    assert in_order(text, DOUBLED) == expected


@pytest.mark.parametrize("dialect", [ESCAPED, UNMARKED])
def test_doubled_quotes_are_in_order_only_where_quotes_are_doubled(dialect: Dialect) -> None:
    assert in_order(b'"a",""\n', dialect)
    assert not in_order(b'"a""b"\n', dialect)


def test_a_carriage_return_is_a_border_where_it_ends_records() -> None:
    text = b'"a"\r"b"\r'
    assert not in_order(text, DOUBLED)
    assert in_order(text, Dialect())


@pytest.mark.parametrize(
    ("dialect", "text", "turning"),
    [
        (DOUBLED, b'15" x,"a,b"\n', '15" x,^a,b^\n'),
        (DOUBLED, b'a""b,"c""d",""""\n', 'a""b,^c^^d^,^^^^\n'),
        (DOUBLED, b'"a"b,"c"\n', "^a^b,^c^\n"),
        (DOUBLED, b'"a"b"c,d\n', '^a^b"c,d\n'),
        (DOUBLED, b'"a,"b\n"c"\n', "^a,^b\n^c^\n"),
        (ESCAPED, b'"a\\"b","c"\n', '^a\\"b^,^c^\n'),
        (ESCAPED, b'\\"a,"b"\n', '\\"a,^b^\n'),
        (ESCAPED, b'"a\\\\",b""\n', '^a\\\\^,b""\n'),
        (ESCAPED, b'"a""b"\n', '^a^"b"\n'),
        (UNMARKED, b'"a"b","c"\n', '^a"b^,^c^\n'),
        (UNMARKED, b'"a""b,"",c\n', '^a""b,"^,c\n'),
        (UNMARKED, b'x"y,",",z\n', 'x"y,^,^,z\n'),
        (UNMARKED, b'"x\n"a"\n', "^x\n^a^\n"),
    ],
)
def test_a_quote_turns_by_what_it_stands_behind_and_before(
    dialect: Dialect, text: bytes, turning: str
) -> None:
    assert shown(text, reading_of(text, dialect).turns.tolist()) == turning


@pytest.mark.parametrize(
    ("delimiter", "text", "turning"),
    [
        (b"||", b'"a||b"||"c"d\n', "^a||b^||^c^d\n"),
        (b"||", b'a|||"b"||c\n', 'a|||"b"||c\n'),
        (b", ", b'"a", "b",c\n', "^a^, ^b^,c\n"),
    ],
)
def test_fields_begin_and_end_at_long_delimiters(
    delimiter: bytes, text: bytes, turning: str
) -> None:
    dialect = Dialect(delimiter=delimiter, record_end=RecordEnd.LF)
    assert shown(text, reading_of(text, dialect).turns.tolist()) == turning


@pytest.mark.parametrize(
    ("dialect", "text", "strays"),
    [
        (DOUBLED, b'"a"b,"c""d" \n"e"\n', '"a^b,"c""d^ \n"e"\n'),
        (DOUBLED, b'15" x,"a,b"\n', '15" x,"a,b"\n'),
        (ESCAPED, b'"a""b"\n', '"a^"b"\n'),
        (UNMARKED, b'"a"b"\n', '"a"b"\n'),
    ],
)
def test_a_closing_quote_with_text_behind_it_is_stray(
    dialect: Dialect, text: bytes, strays: str
) -> None:
    assert shown(text, reading_of(text, dialect).strays.tolist()) == strays


@pytest.mark.parametrize(
    ("dialect", "text", "turning"),
    [
        (DOUBLED, b'a"",b""","c"\nd",e\n', "a^^,b^^^,^c^\nd^,e\n"),
        (ESCAPED, b'a\\"b",c\n"d"\n', 'a\\"b^,c\n^d"\n'),
        (UNMARKED, b'a"b",c\n"d"\n', 'a"b^,c\n"d^\n'),
    ],
)
def test_a_line_that_begins_inside_quotes_is_read_as_such(
    dialect: Dialect, text: bytes, turning: str
) -> None:
    assert shown(text, reading_of(text, dialect, inside=True).turns.tolist()) == turning


def test_delimiters_and_line_ends_are_told_by_what_a_line_begins_with() -> None:
    text = b'a,b\n"a,b\n,"\n'
    outside_first, inside_first = (reading_of(text, DOUBLED, inside=i) for i in (False, True))
    assert shown(text, outside_first.delimiters.tolist()) == 'a^b\n"a,b\n^"\n'
    assert outside_first.open_ends.tolist() == [False, True, True]
    assert shown(text, inside_first.delimiters.tolist()) == 'a,b\n"a^b\n,"\n'
    assert inside_first.open_ends.tolist() == [True, False, False]


def test_places_are_outside_behind_an_even_number_of_turns() -> None:
    places = np.array([1, 4, 7])
    assert outside(places, np.array([2, 6])).tolist() == [1, 7]
    assert outside(places, np.array([], np.int64)).tolist() == [1, 4, 7]
