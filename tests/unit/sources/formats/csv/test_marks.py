from __future__ import annotations

import numpy as np
import pytest

from sources.formats.csv.marks import (
    are_blank,
    are_undecodable,
    count_before,
    count_fields,
    first_anomaly,
    is_text,
    joined,
    outside_quotes,
    places_from,
    places_of,
)


@pytest.mark.parametrize(
    ("text", "anomaly"),
    [
        (b'"a","b"\n"c"\r\n', None),
        (b'"a""b",c\n', None),
        (b'"","",""\n', None),
        (b'"a"', None),
        (b'"a"\r', None),
        (b'"a\n', None),
        (b'x,15" wide\n', 4),
        (b'"a"b\n', 2),
        (b'"a"\rb\n', 2),
        (b'"a" "b"\n', 2),
        (b'a""b\n', 1),
        (b'"a","b"c"\n', 6),
    ],
)
def test_the_first_quote_out_of_turn_is_found(text: bytes, anomaly: int | None) -> None:
    data = np.frombuffer(text, np.uint8)
    found = first_anomaly(data, places_of(data, ord('"')), 0, ord(","))
    assert found == (len(text) if anomaly is None else anomaly)


def test_places_are_counted_from_a_start_and_outside_quotes() -> None:
    text = b'a,"b,c",d'
    data = np.frombuffer(text, np.uint8)
    delimiters, quotes = places_of(data, ord(",")), places_of(data, ord('"'))
    assert delimiters.tolist() == [1, 4, 7]
    assert places_from(delimiters, 2).tolist() == [4, 7]
    assert outside_quotes(delimiters, quotes).tolist() == [1, 7]
    assert outside_quotes(delimiters, quotes[:0]).tolist() == [1, 4, 7]


def test_fields_are_counted_for_each_record() -> None:
    assert count_fields(np.array([1, 4, 5, 9]), np.array([3, 7, 10])).tolist() == [2, 3, 2]


def test_items_before_one_too_many_are_counted() -> None:
    mask = np.array([False, True, False, True, False])
    assert [count_before(mask, allowed) for allowed in (0, 1, 2)] == [1, 3, 5]


def test_records_are_looked_at_one_by_one() -> None:
    text = b"ab\n\n\r\nc\xff\n\xc3\xa9\n"
    data = np.frombuffer(text, np.uint8)
    ends = places_of(data, ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    assert are_blank(data, starts, ends).tolist() == [False, True, True, False, False]
    assert are_undecodable(text, starts, ends).tolist() == [False, False, False, True, False]
    assert joined(data, starts, ends, ends >= 0) == text
    wanted = np.array([True, False, False, False, True])
    assert joined(data, starts, ends, wanted) == b"ab\n\xc3\xa9\n"


def test_text_is_utf_8() -> None:
    assert is_text(b"\xff\xc3\xa9", 1, 3)
    assert not is_text(b"\xff\xc3\xa9", 0, 3)
    assert not is_text(b"\xed\xb3\xbf", 0, 3)
