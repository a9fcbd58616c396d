from __future__ import annotations

from pathlib import Path

import pytest

from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.one_quote import (
    LONGEST_TRIED,
    opens_a_field,
    unwrapped,
    with_delimiter_before_quote,
    with_delimiter_behind_quote,
    with_missing_quote,
    with_opening_quote_as_text,
    with_other_quote_as_text,
)
from sources.formats.csv.row_parser import ParsedRow
from sources.opening import open_reader

DIALECT = Dialect()


def fields(row: ParsedRow | None) -> list[bytes] | None:
    return None if row is None else row.fields


def test_a_quote_that_is_text_stays_in_its_field() -> None:
    assert fields(with_opening_quote_as_text(b'"1,"2, 3",4', DIALECT, 3)) == [b'"1', b"2, 3", b"4"]
    assert fields(with_other_quote_as_text(b'"a", b",2', DIALECT, 2)) == [b'a", b', b"2"]


@pytest.mark.parametrize("text", [b'"1,"2,3,"4', b"1,2,3", b'"a"b"c",2,3'])
def test_a_row_that_may_be_mended_in_no_way_or_in_several_is_left(text: bytes) -> None:
    assert with_opening_quote_as_text(text, DIALECT, 2) is None
    assert with_other_quote_as_text(text, DIALECT, 2) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'"1, 2"3,4', [b"1, 2", b"3", b"4"]),
        (b'3,"1, 2""4"', [b"3", b"1, 2", b"4"]),
        (b'"1","2"', None),
        (b'"1,"2","3, 4"', None),
        (b'"24""","1, 2""4"', [b'24"', b"1, 2", b"4"]),
        (b'3,"Round 24"""', None),
        (b'3,"The ""Inn"""', None),
        (b'3,"""Inn"" or so"', None),
        (b'3,"a 5"" pipe"', None),
    ],
)
def test_a_delimiter_that_is_missing_behind_a_quote_is_put_there(
    text: bytes, expected: list[bytes] | None
) -> None:
    assert fields(with_delimiter_behind_quote(text, DIALECT, 3)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'1,a"b, c, d"', [b"1", b"a", b"b, c, d"]),
        (b'a"b","c"', [b"a", b"b", b"c"]),
        (b'1,5"" x"2, 3"', [b"1", b'5"" x', b"2, 3"]),
        (b'1,a "b, c, d"', None),
        (b'1,a"b, c" d', None),
        (b'a"b",c"d"', None),
        (b'1,"Round 24"""', None),
        (b'"a, b"2,3', None),
        (b'1,"a, b 24""c"', None),
    ],
)
def test_a_delimiter_that_is_missing_before_a_quote_is_put_there(
    text: bytes, expected: list[bytes] | None
) -> None:
    assert fields(with_delimiter_before_quote(text, DIALECT, 3)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'1,"2, 3,"4, 5"', [b"1", b"2, 3", b"4, 5"]),
        (b'1,2, 3","4, 5"', [b"1", b"2, 3", b"4, 5"]),
        (b'1,2,"3, 4', [b"1", b"2", b"3, 4"]),
        (b'1,"2","3"', None),
    ],
)
def test_a_quote_that_is_missing_is_put_where_the_right_number_of_fields_comes_of_it(
    text: bytes, expected: list[bytes] | None
) -> None:
    assert fields(with_missing_quote(text, DIALECT, 3)) == expected


def test_a_very_long_row_is_not_tried() -> None:
    text = b'1,"2, 3,"4, 5"' + b"x" * LONGEST_TRIED
    assert with_missing_quote(text, DIALECT, 3) is None


@pytest.mark.parametrize(
    ("size", "pair"),
    [(1 << 16, "1, 2"), ((1 << 16) + 1, '1, 2"')],
)
def test_a_row_of_a_file_is_tried_up_to_64_kib(tmp_path: Path, size: int, pair: str) -> None:
    """A quote that is missing is found out; in a longer row the one that is there is text."""
    path = tmp_path / "f.csv"
    path.write_text("id,pair,note\n" + '8,"a, b",c\n' * 20 + f'7,1, 2",{"3" * (size - 8)}\n')
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD))
    rows = [row for batch in open_reader(path, "f", terms).batches() for row in batch.frame.rows()]

    assert rows[-1] == ("7", pair, "3" * (size - 8))


def test_without_quotes_there_is_nothing_to_mend() -> None:
    unquoted = Dialect(quote=None, escape=None)
    mends = (
        with_opening_quote_as_text,
        with_delimiter_before_quote,
        with_delimiter_behind_quote,
        with_missing_quote,
    )
    for mend in mends:
        assert mend(b'1,"2,3', unquoted, 2) is None
    assert not opens_a_field(b'"1"', unquoted)
    assert opens_a_field(b'1,"2"', DIALECT)


def test_quotes_around_a_field_are_taken_off_with_the_doubling() -> None:
    assert unwrapped(b'"a ""b"""', b'"') == b'a "b"'
    assert unwrapped(b'a "b', b'"') == b'a "b'
    assert unwrapped(b'"a ""b"" c', b'"') == b'"a "b" c'
    assert unwrapped(b'"a" ""b"" c', b'"') == b'"a" ""b"" c'
