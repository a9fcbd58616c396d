from __future__ import annotations

import codecs
import gzip
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from definitions.errors import FormatError, LostLeaseError
from sources.base import ExpandLimits
from sources.encoding import PIECE, SAMPLE_SIZE, TextKind, open_text, text_kind

LIMITS = ExpandLimits()
STOPPED = LostLeaseError("stop")
TEXT = "id,größe\n1,café\n2,naïve 😀\n"


def kind_of(data: bytes, tmp_path: Path) -> TextKind:
    (tmp_path / "f").write_bytes(data)
    return text_kind(tmp_path / "f", LIMITS)


def read(tmp_path: Path, kind: TextKind, start: int = 0, size: int = 1000) -> bytes:
    stream = open_text(tmp_path / "f", kind, start, LIMITS)
    try:
        out = b""
        while data := stream.read(size):
            out += data
        return out
    finally:
        stream.close()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_every_encoding_reads_as_utf_8_from_any_position(
    mark: bytes, encoding: str, pack: type[bytes], tmp_path: Path
) -> None:
    kind = kind_of(pack(mark + TEXT.encode(encoding)), tmp_path)
    assert kind.encoding == encoding
    assert read(tmp_path, kind) == TEXT.encode()
    assert read(tmp_path, kind, size=3) == TEXT.encode()
    for start in range(len(TEXT.encode()) + 2):
        assert read(tmp_path, kind, start) == TEXT.encode()[start:]


def test_text_that_is_not_utf_8_is_windows_1252(tmp_path: Path) -> None:
    text = "id,größe „5 €“\n1,café\n"
    kind = kind_of(text.encode("cp1252"), tmp_path)
    assert kind.encoding == "windows-1252"
    assert read(tmp_path, kind) == text.encode()


def test_every_byte_is_some_character_of_windows_1252(tmp_path: Path) -> None:
    every = bytes(range(1, 256))
    kind = kind_of(every, tmp_path)
    assert kind.encoding == "windows-1252"
    text = read(tmp_path, kind).decode()
    assert len(text) == 255
    assert text[0x81 - 1] == "\x81"


def test_a_few_bad_bytes_do_not_change_the_encoding_of_a_file(tmp_path: Path) -> None:
    kind = kind_of(TEXT.encode() + b"3,caf\xe9\n", tmp_path)
    assert kind.encoding == "utf-8"
    assert read(tmp_path, kind).endswith(b"3,caf\xe9\n")


def test_a_character_across_the_end_of_the_sample_is_no_fault(tmp_path: Path) -> None:
    kind = kind_of(b"x" * (SAMPLE_SIZE - 1) + "é".encode(), tmp_path)
    assert kind.encoding == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF16_LE + "a\n".encode("utf-16-le") + b"\x00\xd8" + "\nb".encode("utf-16-le"),
        codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"x",
        codecs.BOM_UTF32_LE + "a\n".encode("utf-32-le") + b"\xff\xff\xff\xff",
    ],
)
def test_what_is_no_text_in_its_encoding_is_no_utf_8_either(data: bytes, tmp_path: Path) -> None:
    kind = kind_of(data, tmp_path)
    assert read(tmp_path, kind).startswith(b"a\n")
    with pytest.raises(UnicodeDecodeError):
        read(tmp_path, kind).decode()


@pytest.mark.parametrize("data", ["id,a\n1,2\n".encode("utf-16-le"), bytes(100)])
def test_utf_16_without_a_mark_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="UTF-16 without byte order mark; save it as UTF-8"):
        kind_of(data, tmp_path)


def test_a_lone_carriage_return_reads_as_line_feed_where_it_ends_lines(tmp_path: Path) -> None:
    kind = kind_of(b"a\r1\r2", tmp_path)
    assert read(tmp_path, kind) == b"a\r1\r2"
    assert read(tmp_path, replace(kind, line_end="cr"), 2) == b"1\n2"
    assert read(tmp_path, replace(kind, line_end="crlf")) == b"a\r1\r2"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(text=st.text(alphabet="aé€😀\n", max_size=50), repeat=st.sampled_from([1, PIECE // 7]))
def test_pieces_never_cut_a_character(text: str, repeat: int, tmp_path: Path) -> None:
    kind = kind_of(codecs.BOM_UTF16_BE + (text * repeat).encode("utf-16-be"), tmp_path)
    assert read(tmp_path, kind, size=1 << 16) == (text * repeat).encode()


def test_a_file_that_breaks_off_while_skipping_is_closed_again(tmp_path: Path) -> None:
    data = gzip.compress(TEXT.encode() * 100_000)
    kind = kind_of(data, tmp_path)
    (tmp_path / "f").write_bytes(data[:-10])
    with pytest.raises(FormatError, match="ends in the middle"):
        open_text(tmp_path / "f", kind, 1 << 40, LIMITS)


def test_whoever_stops_the_way_to_a_place_in_a_file_is_heard(tmp_path: Path) -> None:
    data = b"id,a\n" * SAMPLE_SIZE
    beats: list[None] = []

    def heartbeat() -> None:
        beats.append(None)
        if len(beats) == 2:
            raise STOPPED

    kind = kind_of(gzip.compress(data, 1), tmp_path)
    with pytest.raises(LostLeaseError):
        open_text(tmp_path / "f", kind, len(data) - 5, LIMITS, heartbeat)
    assert len(beats) == 2


def test_a_place_that_can_be_jumped_to_takes_no_time(tmp_path: Path) -> None:
    def heartbeat() -> None:
        raise STOPPED

    kind = kind_of(b"id,a\n1,2\n", tmp_path)
    with closing(open_text(tmp_path / "f", kind, 5, LIMITS, heartbeat)) as stream:
        assert stream.read(100) == b"1,2\n"
