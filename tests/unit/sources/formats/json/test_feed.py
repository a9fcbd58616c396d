from __future__ import annotations

import io

from sources.formats.json.feed import Feed, Trail


def test_bytes_are_peeked_at_until_they_are_dropped_and_the_last_ones_are_known() -> None:
    feed = Feed(io.BytesIO(b"abcdef").read)
    assert feed.peek(4) == b"abcd"
    assert not feed.is_last(b"abcd")
    feed.drop(2)
    assert feed.peek(4) == b"cdef"
    assert feed.is_last(b"cdef")
    feed.drop(4)
    assert feed.peek(4) == b""


def test_a_trail_knows_the_byte_and_the_line() -> None:
    pieces = iter([b"a\nb\nc"])
    trail = Trail(Feed(lambda _: next(pieces, b"")), 10, 1, 5)
    trail.drop(trail.feed.peek(4))
    assert (trail.position.byte, trail.position.line, trail.feed.peek(9)) == (14, 7, b"c")
