from __future__ import annotations

import numpy as np
import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import mark
from sources.formats.csv.quoting import Turns, find_turns, outside

DOUBLED = Dialect(record_end=RecordEnd.LF)
ESCAPED = Dialect(record_end=RecordEnd.LF, escape=b"\\")
UNMARKED = Dialect(record_end=RecordEnd.LF, escape=None)


def turns_of(text: bytes, dialect: Dialect) -> Turns:
    return find_turns(mark(text, dialect), 0)


def shown(text: bytes, places: list[int]) -> str:
    """Return `text` with a `^` in the place of every byte in `places`."""
    return "".join("^" if i in places else chr(byte) for i, byte in enumerate(text))


@pytest.mark.parametrize(
    ("text", "in_order"),
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
def test_quotes_in_order_are_seen_at_once(text: bytes, in_order: bool) -> None:
    assert turns_of(text, DOUBLED).in_order == in_order


@pytest.mark.parametrize("dialect", [ESCAPED, UNMARKED])
def test_doubled_quotes_are_in_order_only_where_quotes_are_doubled(dialect: Dialect) -> None:
    assert turns_of(b'"a",""\n', dialect).in_order
    assert not turns_of(b'"a""b"\n', dialect).in_order


def test_a_carriage_return_is_a_border_where_it_ends_records() -> None:
    text = b'"a"\r"b"\r'
    assert not turns_of(text, DOUBLED).in_order
    assert turns_of(text, Dialect()).in_order


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
        (UNMARKED, b'"\n"a"\n', '^\n"a^\n'),
    ],
)
def test_a_quote_turns_by_what_it_stands_behind_and_before(
    dialect: Dialect, text: bytes, turning: str
) -> None:
    assert shown(text, turns_of(text, dialect).places.tolist()) == turning


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
    assert shown(text, turns_of(text, dialect).places.tolist()) == turning


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
    assert shown(text, turns_of(text, dialect).strays.tolist()) == strays


def test_quotes_before_the_start_do_not_count() -> None:
    text = b'"\nx"\n"a"b\n'
    found = find_turns(mark(text, DOUBLED), 2)
    assert shown(text, found.places.tolist()) == '"\nx"\n^a^b\n'


def test_places_are_outside_behind_an_even_number_of_turns() -> None:
    places = np.array([1, 4, 7])
    assert outside(places, np.array([2, 6])).tolist() == [1, 7]
    assert outside(places, np.array([], np.int64)).tolist() == [1, 4, 7]
