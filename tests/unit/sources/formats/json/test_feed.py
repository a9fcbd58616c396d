from __future__ import annotations

import io

from sources.formats.json.feed import Feed


def test_bytes_are_peeked_at_until_they_are_dropped_and_the_last_ones_are_known() -> None:
    feed = Feed(io.BytesIO(b"abcdef").read)
    assert feed.peek(4) == b"abcd"
    assert not feed.is_last(b"abcd")
    feed.drop(2)
    assert feed.peek(4) == b"cdef"
    assert feed.is_last(b"cdef")
    feed.drop(4)
    assert feed.peek(4) == b""
