from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression import compression_of, open_plain, refuse_binary, skip

LIMITS = ExpandLimits()
TEXT = b"id,name\n" * 1000


def content(file: Path, limits: ExpandLimits = LIMITS) -> bytes:
    stream = open_plain(file, limits)
    try:
        out = b""
        while data := stream.read(1000):
            out += data
        return out
    finally:
        stream.close()


@pytest.mark.parametrize(
    "packed",
    [TEXT, gzip.compress(TEXT), gzip.compress(TEXT[:80]) * 100],
    ids=["plain", "gzip", "many"],
)
def test_plain_and_gzip_give_the_same_content(packed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(packed)
    assert content(file) == TEXT
    assert compression_of(file) == ("none" if packed is TEXT else "gzip")


@pytest.mark.parametrize("missing", [1, 8, 20])
def test_a_gzip_file_without_its_end_is_refused(missing: int, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(gzip.compress(TEXT)[:-missing])
    with pytest.raises(FormatError, match="ends in the middle"):
        content(file)


def test_a_damaged_gzip_file_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-5] ^= 0xFF
    (tmp_path / "f").write_bytes(packed)
    with pytest.raises(FormatError, match="is damaged"):
        content(tmp_path / "f")
    (tmp_path / "f").write_bytes(gzip.compress(TEXT) + b"rubbish")
    with pytest.raises(FormatError, match="is damaged"):
        content(tmp_path / "f")


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(gzip.compress(bytes(1 << 20)))
    assert len(content(file)) == 1 << 20
    with pytest.raises(FormatError, match=r"grows more than 100 times.*IMPORTMGR_UNPACK_RATIO"):
        content(file, ExpandLimits(max_ratio=100, free_size=1000))
    with pytest.raises(FormatError, match="holds more than 1000 bytes"):
        content(file, ExpandLimits(max_size=1000))


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", TEXT)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (_zip(), "a zip archive or an Excel workbook"),
        (bz2.compress(TEXT), "a bzip2 file"),
        (lzma.compress(TEXT), "an xz file"),
        (b"\x28\xb5\x2f\xfd....", "a zstd file"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PAR1....", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0....", "an old Excel workbook"),
    ],
)
def test_what_is_no_text_is_called_by_its_name(data: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(FormatError, match=f"looks like {kind}; send CSV text, plain or compressed"):
        open_plain(tmp_path / "f", LIMITS)


def test_gzip_inside_gzip_is_refused() -> None:
    with pytest.raises(FormatError, match="gzip inside gzip"):
        refuse_binary(gzip.compress(b"x"))


def test_skipping_ends_at_the_end() -> None:
    stream = io.BytesIO(b"abcdef")
    skip(stream, 4, lambda: None)
    assert stream.read(9) == b"ef"
    skip(stream, 10, lambda: None)
    assert stream.read(9) == b""
