from __future__ import annotations

import io
import lzma
import os
import tracemalloc

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression.unpacking import METHODS, PIECE, Unpacked, refuse_bomb
from tests.packing import STREAMS, zstd_stream

LIMITS = ExpandLimits()
SKIPPED_FRAME = b"\x50\x2a\x4d\x18\x03\x00\x00\x00any"


@pytest.fixture(params=sorted(STREAMS))
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def content(kind: str, packed: bytes, size: int = 1000) -> bytes:
    with Unpacked(io.BytesIO(packed), METHODS[kind], LIMITS) as stream:
        out = b""
        while data := stream.read(size):
            out += data
        return out


def test_every_method_is_tried_here() -> None:
    assert set(STREAMS) == set(METHODS)


@settings(max_examples=60)
@given(
    kind=st.sampled_from(sorted(STREAMS)),
    texts=st.lists(st.binary(max_size=50), min_size=1, max_size=4),
    repeat=st.sampled_from([1, 3000]),
    padding=st.sampled_from([b"", bytes(20), b"\n", b"\r\n\0"]),
    size=st.sampled_from([1, 7, 1000, 1 << 20]),
)
def test_several_streams_are_one(
    kind: str, texts: list[bytes], repeat: int, padding: bytes, size: int
) -> None:
    parts = [text * repeat if size > 1 else text for text in texts]
    packed = b"".join(STREAMS[kind](part) for part in parts) + padding

    assert content(kind, packed, size) == b"".join(parts)


def test_a_read_is_short_only_at_the_end(kind: str) -> None:
    text = os.urandom(3 * PIECE)
    with Unpacked(io.BytesIO(STREAMS[kind](text) * 2), METHODS[kind], LIMITS) as stream:
        sizes = [len(stream.read(100_000)) for _ in range(6)]

    assert sizes == [100_000, 100_000, 100_000, 93_216, 0, 0]


def test_a_stream_without_its_end_is_refused(kind: str) -> None:
    packed = STREAMS[kind](os.urandom(1000))
    for size in range(20, len(packed), 7):
        with pytest.raises(FormatError, match=r"file ends in the middle; fetch or pack it again"):
            content(kind, packed[:size])


def test_a_stream_that_ends_behind_a_whole_one_is_refused(kind: str) -> None:
    with pytest.raises(FormatError, match="ends in the middle"):
        content(kind, STREAMS[kind](b"a" * 1000) + STREAMS[kind](b"b" * 1000)[:-3])


@pytest.mark.parametrize("rubbish", [b"rubbish", b"\0\0\0rubbish", b"r"])
def test_other_bytes_behind_the_end_are_damage(kind: str, rubbish: bytes) -> None:
    with pytest.raises(FormatError, match=r"is damaged .*other bytes follow its end"):
        content(kind, STREAMS[kind](b"a" * 1000) + rubbish)


def test_no_changed_byte_is_overlooked(kind: str) -> None:
    text = b"id,name\n" * 100
    packed = STREAMS[kind](text)
    overlooked = []
    for place in range(10 if kind == "gzip" else 0, len(packed)):
        damaged = bytearray(packed)
        damaged[place] ^= 0xFF
        try:
            overlooked += [place] if content(kind, bytes(damaged)) != text else []
        except FormatError:
            continue

    assert overlooked == []


def test_a_frame_that_zstd_skips_is_skipped() -> None:
    assert content("zstd", SKIPPED_FRAME + zstd_stream(b"a") + SKIPPED_FRAME) == b"a"


def test_what_needs_much_memory_is_refused() -> None:
    frame = zstd_stream(os.urandom(1 << 18), window=28, end=False)
    with pytest.raises(FormatError, match=r"zstd file takes more .*too much memory.* smaller"):
        content("zstd", frame)
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 128 << 20, "mode": lzma.MODE_FAST, "mf": 3}]
    with pytest.raises(FormatError, match=r"xz file takes more .*[Mm]emory usage limit.* smaller"):
        content("xz", lzma.compress(b"a", filters=filters))


def test_a_bomb_goes_off_in_small_pieces(kind: str) -> None:
    bomb = STREAMS[kind](bytes(20 << 20))
    tracemalloc.start()
    try:
        with Unpacked(io.BytesIO(bomb), METHODS[kind], LIMITS) as stream:
            taken = sum(len(stream.read(1 << 18)) for _ in range(16))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert taken == 4 << 20
    assert peak < 12 << 20


def test_growth_is_measured_by_size_and_by_ratio() -> None:
    limits = ExpandLimits(max_size=1000, max_ratio=5, free_size=100)
    refuse_bomb(1000, 200, "it", limits)
    refuse_bomb(100, 0, "it", limits)
    with pytest.raises(FormatError, match="it holds more than 1000 bytes"):
        refuse_bomb(1001, 1001, "it", limits)
    with pytest.raises(FormatError, match="it grows more than 5 times"):
        refuse_bomb(101, 20, "it", limits)


def test_streams_with_nothing_in_them_are_not_unpacked_forever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sources.compression.unpacking.MOST_EMPTY", 20)
    one, empty = STREAMS["zstd"](b"a"), STREAMS["zstd"](b"")
    assert content("zstd", (one + empty * 20) * 3) == b"aaa"
    with pytest.raises(
        FormatError, match=r"more than 20 parts with nothing in them .* pack it again"
    ):
        content("zstd", one + empty * 21 + one)
