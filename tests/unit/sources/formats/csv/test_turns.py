from __future__ import annotations

import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.structural_index import index_structure
from sources.formats.csv.turns import countable_until

DOUBLED = Dialect(record_end=RecordEnd.LF)
ESCAPED = Dialect(record_end=RecordEnd.LF, escape=b"\\")
UNMARKED = Dialect(record_end=RecordEnd.LF, escape=None)


def in_turn(text: bytes, dialect: Dialect) -> bool:
    return countable_until(index_structure(text, dialect), 0) == len(text)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        (b'"a","b"\n"c"\r\n', None),
        (b'"a""b",c\n', None),
        (b'"","",""\n', None),
        (b'"a"', None),
        (b'"a"\r', None),
        (b'"a\n', None),
        (b"a\n", None),
        (b'x,15" wide\n', 4),
        (b'"a"b\n', 2),
        (b'"a"\rb\n', 2),
        (b'"a" "b"\n', 2),
        (b'a""b\n', 1),
        (b'"a","b"c"\n', 6),
        (b'a,"b,c","d""e"\nx,15"\n', 19),  # what `turns` shows
    ],
)
def test_quotes_can_be_counted_up_to_the_first_out_of_turn(text: bytes, until: int | None) -> None:
    found = countable_until(index_structure(text, DOUBLED), 0)
    assert found == (len(text) if until is None else until)


def test_quotes_are_counted_from_a_border_on() -> None:
    assert countable_until(index_structure(b'a"b\n"c"\n', DOUBLED), 4) == 8


@pytest.mark.parametrize("dialect", [ESCAPED, Dialect(delimiter=b"||")])
def test_quotes_cannot_be_counted_where_there_are_escapes_or_long_delimiters(
    dialect: Dialect,
) -> None:
    assert countable_until(index_structure(b'\\\\\n"c"\n', dialect), 3) == 3


@pytest.mark.parametrize("dialect", [ESCAPED, UNMARKED])
def test_doubled_quotes_are_in_turn_only_where_quotes_are_doubled(dialect: Dialect) -> None:
    assert in_turn(b'"a",""\n', dialect)
    assert not in_turn(b'"a""b"\n', dialect)


def test_a_carriage_return_is_a_border_where_it_ends_rows() -> None:
    text = b'"a"\r"b"\r'
    assert not in_turn(text, DOUBLED)
    assert in_turn(text, Dialect())


def test_quotes_can_be_counted_up_to_the_first_remark_that_has_some() -> None:
    dialect = Dialect(record_end=RecordEnd.LF, remark=b"//", remark_is_given=True)
    text = b'"a",b\n// none\n// "x\n"c",d\n'
    assert countable_until(index_structure(text, dialect), 0) == text.index(b'// "x')
    behind = text.index(b'"c"')
    assert countable_until(index_structure(text, dialect), behind) == len(text)
