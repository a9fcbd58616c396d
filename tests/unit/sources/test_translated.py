from __future__ import annotations

import io

import pytest

from sources.translated import PIECE, Translated


@pytest.mark.parametrize("size", [1, 7, PIECE, 10 * PIECE])
def test_what_is_read_is_what_was_changed_whatever_is_asked_for(size: int) -> None:
    content = bytes(range(256)) * 1024
    stream = Translated(io.BytesIO(content), lambda data, last: data.hex().encode() + b"." * last)

    read = b""
    while piece := stream.read(size * 1000 if size < 10 else size):
        read += piece

    assert read == content.hex().encode() + b"."


def test_it_closes_what_it_reads() -> None:
    below = io.BytesIO(b"x")
    Translated(below, lambda data, _: data).close()
    assert below.closed
