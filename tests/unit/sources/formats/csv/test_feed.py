from __future__ import annotations

import io

import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.feed import Feed


def feed(text: bytes, record_end: RecordEnd = RecordEnd.ANY) -> Feed:
    return Feed(io.BytesIO(text).read, Dialect(record_end=record_end))


def test_bytes_stay_until_they_are_dropped() -> None:
    bytes_left = feed(b"abcdef\n")
    assert (bytes_left.peek(3), bytes_left.peek(3)) == (b"abc", b"abc")
    assert bytes_left.drop(2) == 2
    assert bytes_left.peek(3) == b"cde"
    assert not bytes_left.is_last(b"cde")


def test_a_last_line_is_lent_a_line_feed_that_is_not_counted() -> None:
    bytes_left = feed(b"ab")
    assert bytes_left.peek(10) == b"ab\n"
    assert bytes_left.is_last(b"ab\n")
    assert bytes_left.drop(3) == 2
    assert bytes_left.peek(10) == b""


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("text", "record_end", "dropped"),
    [
        (b"aaa\nb", RecordEnd.LF, 4),
        (b"a\raa\r\nb", RecordEnd.LF, 6),
        (b"aaa\rb", RecordEnd.ANY, 4),
        (b"aaa\r\nb", RecordEnd.ANY, 5),
        (b"aaa\r\rb", RecordEnd.ANY, 4),
        (b"\nb", RecordEnd.ANY, 1),
        (b"aaaa", RecordEnd.ANY, 4),
        (b"aaa\r", RecordEnd.ANY, 4),
    ],
)
def test_the_rest_of_a_line_is_dropped(
    text: bytes, record_end: RecordEnd, dropped: int, size: int
) -> None:
    bytes_left = feed(text, record_end)
    bytes_left.peek(1)
    assert bytes_left.drop_line(size) == dropped
    rest = text[dropped:]
    assert bytes_left.peek(10) == (rest + b"\n" if rest else b"")
