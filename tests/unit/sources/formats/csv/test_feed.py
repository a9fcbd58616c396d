from __future__ import annotations

import io

import pytest

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.feed import Feed, Tail


def feed(text: bytes, dialect: Dialect | None = None) -> Feed:
    return Feed(io.BytesIO(text).read, dialect or Dialect(), 0)


def test_bytes_stay_until_they_are_dropped() -> None:
    bytes_left = feed(b"abcdef\n")
    assert (bytes_left.peek(3), bytes_left.peek(3)) == (b"abc", b"abc")
    bytes_left.drop(2)
    assert bytes_left.offset == 2
    assert bytes_left.peek(3) == b"cde"
    assert not bytes_left.is_last(b"cde")


def test_a_last_line_is_lent_a_line_feed_that_is_not_counted() -> None:
    bytes_left = feed(b"ab")
    assert bytes_left.peek(10) == b"ab\n"
    assert bytes_left.is_last(b"ab\n")
    bytes_left.drop(3)
    assert bytes_left.offset == 2
    assert bytes_left.peek(10) == b""


LF = Dialect(record_end=RecordEnd.LF)
ANY = Dialect()
ESCAPED = Dialect(escape=b"\\")
ESCAPED_LF = Dialect(escape=b"\\", record_end=RecordEnd.LF)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("text", "dialect", "dropped", "lines"),
    [
        (b"aaa\nb", LF, 4, 1),
        (b"a\raa\r\nb", LF, 6, 1),
        (b"aaa\rb", ANY, 4, 1),
        (b"aaa\r\nb", ANY, 5, 1),
        (b"aaa\r\rb", ANY, 4, 1),
        (b"\nb", ANY, 1, 1),
        (b"aaaa", ANY, 4, 1),
        (b"aaa\r", ANY, 4, 1),
        (b"a\\\na\\\r\na\\\ra\nb", ESCAPED, 12, 4),
        (b"a\\\na\\\r\na\\\ra\nb", ESCAPED_LF, 12, 3),
        (b"a\\\\\nb", ESCAPED, 4, 1),
        (b"a\\", ESCAPED, 2, 1),
    ],
)
def test_the_rest_of_a_line_is_dropped(
    text: bytes, dialect: Dialect, dropped: int, lines: int, size: int
) -> None:
    bytes_left = feed(text, dialect)
    bytes_left.peek(1)
    assert (bytes_left.drop_tail(Tail.OF_LINE, size), bytes_left.offset) == (lines, dropped)
    rest = text[dropped:]
    assert bytes_left.peek(10) == (rest + b"\n" if rest else b"")


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("text", "dialect", "dropped", "lines"),
    [
        (b'"a\nb"\nc\n', ANY, 6, 2),
        (b'"a\r\nb ""c"""\r\nc\n', ANY, 14, 2),
        (b'"a\rb"\rc\n', ANY, 6, 2),
        (b'"a\rb\n"\r\nc\n', LF, 8, 2),
        (b'"a\nb\nc', ANY, 6, 3),
        (b'"a\nb"', ANY, 5, 2),
    ],
)
def test_the_rest_of_a_row_is_dropped_to_its_end(
    text: bytes, dialect: Dialect, dropped: int, lines: int, size: int
) -> None:
    bytes_left = feed(text, dialect)
    bytes_left.peek(size)
    assert (bytes_left.drop_tail(Tail.OF_ROW, size), bytes_left.offset) == (lines, dropped)
    assert bytes_left.peek(10).rstrip(b"\n") == text[dropped:].rstrip(b"\n")
