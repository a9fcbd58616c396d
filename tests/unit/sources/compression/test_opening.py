from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression import Packing, open_packed, open_plain, packing_of, skip
from tests.packing import PACK, zipped

LIMITS = ExpandLimits()
TEXT = b"id,name\n" * 1000


def content(file: Path, limits: ExpandLimits = LIMITS) -> bytes:
    with closing(open_plain(file, limits)) as stream:
        out = b""
        while data := stream.read(1000):
            out += data
        return out


@pytest.mark.parametrize("kind", ["none", *PACK])
@pytest.mark.parametrize("text", [TEXT, b"x", b""], ids=["long", "short", "empty"])
def test_every_packing_is_recognised_by_its_bytes(kind: str, text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(text if kind == "none" else PACK[kind](text))

    packing = packing_of(file, LIMITS)

    assert packing == Packing(kind=kind, member="data.csv" if kind == "zip" else None)
    assert content(file) == text


def test_rubbish_behind_a_zip_archive_is_passed_over_and_told(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(zipped(TEXT) + b"<br />")

    packing = packing_of(file, LIMITS)

    assert content(file) == TEXT
    assert packing.told == {
        "compression": "zip",
        "member": "data.csv",
        "surplus": "6 bytes behind the end are passed over; they begin with b'<br />'",
    }


def test_a_name_alone_says_nothing(tmp_path: Path) -> None:
    for name in ("data.gz", "data.zip", "data.zst", "data.xz", "data.bz2"):
        (tmp_path / name).write_bytes(b"BZh,PK,7z\n1,2,3\n")
        assert content(tmp_path / name) == b"BZh,PK,7z\n1,2,3\n"


@pytest.mark.parametrize("outer", PACK)
@pytest.mark.parametrize("inner", PACK)
def test_what_is_packed_twice_is_refused(outer: str, inner: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(PACK[outer](PACK[inner](TEXT)))

    with pytest.raises(FormatError, match=f"the file is {inner} inside {outer}; pack it once"):
        open_plain(tmp_path / "f", LIMITS)


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_is_refused_by_its_ratio_and_by_its_size(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(PACK[kind](bytes(1 << 20)))

    assert len(content(file)) == 1 << 20
    with pytest.raises(FormatError, match=r"grows more than 10 times.*IMPORTMGR_UNPACK_RATIO"):
        content(file, ExpandLimits(max_ratio=10, free_size=1000))
    with pytest.raises(FormatError, match=r"more than 1000 bytes.*IMPORTMGR_MAX_FILE_BYTES"):
        content(file, ExpandLimits(max_size=1000))


def test_a_file_opens_again_by_what_was_found_out(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(zipped(TEXT))

    with closing(open_packed(tmp_path / "f", packing_of(tmp_path / "f", LIMITS), LIMITS)) as stream:
        assert stream.read(1 << 20) == TEXT


def test_skipping_ends_at_the_end() -> None:
    stream = io.BytesIO(b"abcdef")
    skip(stream, 4, lambda: None)
    assert stream.read(9) == b"ef"
    skip(stream, 10, lambda: None)
    assert stream.read(9) == b""
