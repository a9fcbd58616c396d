from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression import listing
from sources.compression.archive import find_member, open_member

LIMITS = ExpandLimits()
TEXT = b"id,name\n" * 1000
DEFLATED = zipfile.ZIP_DEFLATED


def zipped(tmp_path: Path, *names: str, method: int = DEFLATED, text: bytes = TEXT) -> Path:
    file = tmp_path / "f"
    with zipfile.ZipFile(file, "w", method) as packed:
        for name in names:
            packed.writestr(name, text)
    return file


def content(file: Path, name: str, limits: ExpandLimits = LIMITS, size: int = 1000) -> bytes:
    with closing(open_member(file, name, limits)) as stream:
        out = b""
        while data := stream.read(size):
            out += data
        return out


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("text", [TEXT, b""], ids=["text", "nothing"])
@pytest.mark.parametrize("size", [7, 1000, 1 << 20])
def test_every_method_gives_the_content(
    method: int, text: bytes, size: int, tmp_path: Path
) -> None:
    file = zipped(tmp_path, "data/a.csv", method=method, text=text)
    assert content(file, "data/a.csv", size=size) == text


def test_an_lzma_stream_whose_size_is_known_is_read(tmp_path: Path) -> None:
    """As other programs write it: the end is where the list of files says."""
    raw = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    marked = lzma.compress(TEXT, lzma.FORMAT_RAW, filters=raw)
    properties = struct.pack("<BBHBI", 9, 4, 5, 0x5D, 1 << 16)
    file = zipped(tmp_path, "a.csv", method=zipfile.ZIP_STORED, text=properties + marked)
    _change(file, 10, "<H", zipfile.ZIP_LZMA)
    _set_size(file, len(TEXT))
    _set_sum(file, zlib.crc32(TEXT))

    assert content(file, "a.csv") == TEXT


def test_an_archive_with_64_bit_sizes_is_read(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "f", "w", DEFLATED) as packed,
        packed.open("a.csv", "w", force_zip64=True) as member,
    ):
        member.write(TEXT)
    assert content(tmp_path / "f", "a.csv") == TEXT


def test_an_archive_behind_other_bytes_is_read(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv")
    file.write_bytes(b"#!/bin/sh\n" + file.read_bytes())
    assert content(file, find_member(file, None)) == TEXT


@pytest.mark.parametrize(
    ("names", "pattern", "found"),
    [
        (["a.csv"], None, "a.csv"),
        (["x/", "x/a.csv", "__MACOSX/x/._a.csv", "x/.DS_Store"], None, "x/a.csv"),
        (["a.csv", "b.txt"], "*.csv", "a.csv"),
        (["2026/a.csv", "2025/a.csv"], "2026/*", "2026/a.csv"),
        (["2026/a.csv", "2025/b.csv"], "b.csv", "2025/b.csv"),
        ([".a.csv", "b.csv"], ".a*", ".a.csv"),
        (["a.csv", "__MACOSX/._a.csv", "x/.b.csv"], "*.csv", "a.csv"),
        (["a.csv", "__MACOSX/._a.csv"], "__MACOSX/*", "__MACOSX/._a.csv"),
        (["x/a.csv", "x/__MACOSX/b.csv"], "x/*", "x/a.csv"),
        (["x\\a.csv", "x\\.b.csv", "x\\"], "a.csv", "x\\a.csv"),
    ],
)
def test_the_only_file_that_fits_is_meant(
    names: list[str], pattern: str | None, found: str, tmp_path: Path
) -> None:
    assert find_member(zipped(tmp_path, *names), pattern) == found


@pytest.mark.parametrize(
    ("names", "pattern", "problem"),
    [
        (["a", "b"], None, r"holds 2 files and no pattern tells .*: 'a', 'b'; set `source.format"),
        (["a1", "a2", "b"], "a*", r"holds 2 files that fit 'a\*': 'a1', 'a2'; set"),
        (list("abcdefgh"), None, r"'a', 'b', 'c', 'd', 'e' and 3 more"),
        (["a.csv"], "*.txt", r"no file in the zip archive fits '\*\.txt'; it holds 'a\.csv'"),
        ([".DS_Store"], None, r"holds nothing but '\.DS_Store'"),
        (["__MACOSX/._a.csv"], "*.csv", r"fits '\*\.csv'; it holds .*; such names count only if"),
        (["b.txt", "__MACOSX/._a.csv"], "*.csv", r"fits '\*\.csv'; it holds 'b\.txt'$"),
        (["../" + "x" * 60_000], None, r"a file called '\.\./x{197}…', which leads out"),
        (["x/"], None, "holds no file"),
        ([], "*.csv", "holds no file"),
        (["[Content_Types].xml", "xl/workbook.xml"], None, "is an Excel workbook; leave out"),
        (["mimetype", "content.xml", "META-INF/manifest.xml"], None, "is an OpenDocument file"),
    ],
)
def test_anything_but_one_file_is_refused(
    names: list[str], pattern: str | None, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=problem):
        find_member(zipped(tmp_path, *names), pattern)


def test_no_pattern_is_asked_for_that_could_not_tell_equal_names_apart(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = zipped(tmp_path, "a", "a", "b")

    with pytest.raises(FormatError, match="holds 2 files called 'a'; pack the one meant"):
        find_member(file, "a")


@pytest.mark.parametrize("name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "..\\a", "C:/a.csv"])
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="leads out of it; refused"):
        find_member(zipped(tmp_path, "good.csv", name), "good.csv")


def test_a_link_is_no_file(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("latest.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for names in ([], ["people.csv"]):
        file = zipped(tmp_path, *names)
        with zipfile.ZipFile(file, "a") as packed:
            packed.writestr(link, "people.csv")
        with pytest.raises(
            FormatError, match=r"'latest\.csv' .* is a link to a file; pack the file"
        ):
            find_member(file, "l*")

    assert find_member(file, None) == "people.csv"


@pytest.mark.parametrize("behind", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_another_archive_behind_one_is_damage(behind: bytes, tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv")
    file.write_bytes(file.read_bytes() + behind)
    with pytest.raises(FormatError, match=r"damaged or not complete \(.*another archive.*again"):
        find_member(file, None)


def test_a_list_that_points_nowhere_or_has_an_empty_name_is_told(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv")
    data = bytearray(file.read_bytes())
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, place + 42, 0xFFFFFFFF)
    struct.pack_into("<H", data, place + 30, 12)
    extra = struct.pack("<HHQ", 1, 8, (1 << 63) - 1)
    data[place + 46 + 5 : place + 46 + 5] = extra
    end = data.index(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, end - place)
    file.write_bytes(data)
    with pytest.raises(FormatError, match="is not where the list of files says"):
        open_member(file, "a.csv", LIMITS)

    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(zipfile.ZipInfo("b"), TEXT)
    data = bytearray(file.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 46 : place + 47] = b"\0"
    file.write_bytes(data)
    with pytest.raises(FormatError, match="holds a file called ''"):
        find_member(file, None)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv")
    _set_flags(file, 1)
    with pytest.raises(FormatError, match=r"'a\.csv' in the zip archive is encrypted"):
        open_member(file, "a.csv", LIMITS)


def test_a_method_nobody_knows_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv", method=zipfile.ZIP_STORED)
    _change(file, 10, "<H", 9)
    with pytest.raises(FormatError, match="is packed by method 9; use deflate"):
        open_member(file, "a.csv", LIMITS)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, DEFLATED])
def test_damage_is_seen_by_the_checksum(method: int, tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv", method=method)
    _set_sum(file, 12345)
    with pytest.raises(FormatError, match=r"is damaged \(its checksum is wrong"):
        content(file, "a.csv")


@pytest.mark.parametrize(("size", "problem"), [(9000, "too early"), (10, "longer than the list")])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, DEFLATED])
def test_a_size_that_is_not_that_of_the_list_is_damage(
    size: int, problem: str, method: int, tmp_path: Path
) -> None:
    file = zipped(tmp_path, "a.csv", method=method)
    _set_size(file, size)
    with pytest.raises(FormatError, match=problem):
        content(file, "a.csv")


def test_an_archive_without_its_end_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv")
    whole = file.read_bytes()
    for size in (4, 40, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(FormatError, match="is damaged or not complete"):
            find_member(file, None)


def test_a_list_that_points_elsewhere_is_damage(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv")
    file.write_bytes(b"XX" + file.read_bytes()[2:])
    with pytest.raises(FormatError, match="is not where the list of files says"):
        open_member(file, "a.csv", LIMITS)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    file = zipped(tmp_path, "a.csv", text=bytes(1 << 20))
    with pytest.raises(FormatError, match=r"'a\.csv' in the zip archive grows more than 10 times"):
        open_member(file, "a.csv", ExpandLimits(max_ratio=10, free_size=1000))


def test_a_list_of_very_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_DIRECTORY", 100)
    with pytest.raises(FormatError, match="list of files in the zip archive is larger than 100"):
        find_member(zipped(tmp_path, "a.csv", "b.csv", "c.csv"), None)


def _change(file: Path, place: int, layout: str, value: int) -> None:
    """Overwrite a number in the entry that the list of files has for the only one."""
    data = bytearray(file.read_bytes())
    struct.pack_into(layout, data, data.index(b"PK\x01\x02") + place, value)
    file.write_bytes(data)


def _set_flags(file: Path, flags: int) -> None:
    _change(file, 8, "<H", flags)


def _set_sum(file: Path, number: int) -> None:
    _change(file, 16, "<I", number)


def _set_size(file: Path, size: int) -> None:
    _change(file, 24, "<I", size)
