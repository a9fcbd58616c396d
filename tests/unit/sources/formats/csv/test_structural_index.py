from __future__ import annotations

import numpy as np
import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.structural_index import (
    are_given_remarks,
    index_structure,
    line_ends,
    places_of,
    stands_at,
)

BACKSLASH = Dialect(escape=b"\\")


def test_a_byte_is_found_wherever_it_stands() -> None:
    assert places_of(np.frombuffer(b'a,"b,c",d', np.uint8), ord(",")).tolist() == [1, 4, 7]


@pytest.mark.parametrize(
    ("text", "record_end", "ends"),
    [
        (b"a\nb\r\nc\rd\n", RecordEnd.ANY, [1, 4, 6, 8]),
        (b"a\nb\r\nc\rd\n", RecordEnd.CR, [1, 4, 6, 8]),
        (b"a\nb\r\nc\rd\n", RecordEnd.LF, [1, 4, 8]),
        (b"a\nb\r\nc\rd\n", RecordEnd.CRLF, [1, 4, 8]),
        (b"\r\r\r\n\r", RecordEnd.ANY, [0, 1, 3]),
        (b"", RecordEnd.ANY, []),
    ],
)
def test_a_line_end_is_where_its_last_byte_is(
    text: bytes, record_end: RecordEnd, ends: list[int]
) -> None:
    assert line_ends(text, Dialect(record_end=record_end)).tolist() == ends


@pytest.mark.parametrize(
    ("text", "delimiter", "places"),
    [
        (b"a,b,,c", b",", [1, 3, 4]),
        (b"a||b|c|||d||||", b"||", [1, 6, 10, 12]),
        ("a§b§§".encode(), "§".encode(), [1, 4, 6]),
        (b"a, b,c", b", ", [1]),
        (b"abababa", b"aba", [0, 4]),
    ],
)
def test_delimiters_do_not_overlap(text: bytes, delimiter: bytes, places: list[int]) -> None:
    assert index_structure(text, Dialect(delimiter=delimiter)).delimiters.tolist() == places


def test_without_a_quote_there_are_no_quotes() -> None:
    assert index_structure(b'"a"', Dialect(quote=None, escape=None)).quotes.tolist() == []


def test_what_is_escaped_means_nothing() -> None:
    index = index_structure(b'a\\,b,\\"c"\\\n\\\r\nd\n', BACKSLASH)
    assert index.escapes.tolist() == [1, 5, 9, 11]
    assert index.delimiters.tolist() == [4]
    assert index.quotes.tolist() == [8]
    assert index.ends.tolist() == [15]
    assert index.breaks.tolist() == [10, 13, 15]


def test_an_escape_before_a_letter_or_a_digit_that_means_nothing_is_none() -> None:
    assert index_structure(b"\\N,\\\\N,\\n,\\1,\\'\n", BACKSLASH).escapes.tolist() == [3, 13]
    assert index_structure(
        "\\é\\§\n".encode(), Dialect(delimiter="§".encode(), escape=b"\\")
    ).escapes == [3]
    assert index_structure(b"\\N\n", Dialect(delimiter=b"N", escape=b"\\")).escapes.tolist() == [0]


def test_every_other_escape_of_a_run_escapes() -> None:
    index = index_structure(b"\\\\,\\\\\\,\\\\\\\\\\", BACKSLASH)
    assert index.escapes.tolist() == [0, 3, 5, 7, 9]
    assert index.delimiters.tolist() == [2]


def test_marks_of_several_bytes_are_found_in_places() -> None:
    text = np.frombuffer(b"--a-\n--", np.uint8)
    assert stands_at(text, np.array([0, 1, 3, 5, 6]), b"--").tolist() == [
        True,
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("given", [True, False])
def test_only_a_given_remark_surely_is_one(given: bool) -> None:
    index = index_structure(b"#a\nb\n", Dialect(remark=b"#", remark_is_given=given))
    assert are_given_remarks(index, np.array([0, 3])).tolist() == [given, False]


def test_quotes_are_counted_from_any_place_on_however_many_there_are() -> None:
    index = index_structure(b'"a",' * 300 + b"b\n", Dialect())
    some = index.between(4, len(index.text))
    odd = index.are_odd(some, some.start)
    assert odd[: 3 * 299].reshape(299, 3).tolist() == [[True, False, False]] * 299
    assert not odd[3 * 299 :].any()
