from __future__ import annotations

import io
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.compression import listing as listing_module
from sources.formats.xlsx.archive import OLD, Archive, is_workbook
from tests.workbooks import assembled, written

GOOD = written({"Data": [["id"], [1]]})


def packed(*names: str, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def listing(kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", f"<Types><Override ContentType='vnd.{kind}'/></Types>"
        )
        archive.writestr("elsewhere.xml", "x")
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "f"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (GOOD, True),
        (OLD + b"rest", True),
        (packed("xl/workbook.bin"), True),
        (packed("\\XL\\Workbook.xml"), True),
        (listing("spreadsheetml.sheet.main+xml"), True),
        (listing("ms-excel.sheet.binary.macroEnabled.main"), True),
        (listing("wordprocessingml.document.main+xml"), False),
        (packed("data.csv"), False),
        (packed("[Content_Types].xml", method=zipfile.ZIP_BZIP2), False),
        (b"PK\x03\x04rest", False),
        (b"id,name\n", False),
        (b"", False),
    ],
)
def test_a_workbook_is_told_by_what_is_in_it(data: bytes, told: bool, file: Path) -> None:
    file.write_bytes(data)
    assert is_workbook(file) is told


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"id,name\n", r"is no workbook; it begins with b'id,name"),
        (OLD + b"\0" * 100, r"old \(\.xls\); save it as \.xlsx"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (packed("xl/workbook.bin"), r"binary workbook \(\.xlsb\); save it as \.xlsx"),
        (packed("data.csv"), "is an archive, not a workbook"),
        (listing("wordprocessingml.document.main+xml"), "is an archive, not a workbook"),
        (listing("sheet.main+xml").replace(b"\x08\x00", b"\x63\x00"), "damaged in"),
        (packed("xl/workbook.xml", "../x"), r"has a member '\.\./x', which leads out of it"),
        (packed("xl/workbook.xml", "..\\x"), "which leads out of it"),
        (packed("xl/workbook.xml", method=zipfile.ZIP_BZIP2), "is packed by method 12; save it"),
        (packed("[Content_Types].xml", method=zipfile.ZIP_LZMA), r"damaged in .*by method 14\)"),
        (packed("xl/workbook.xml", "xl/A.xml", "XL/a.xml"), "holds 'xl/a.xml' 2 times; save it"),
        (GOOD + b"<br />" + GOOD[:50], r"damaged \(another archive follows its end\); save or"),
        (GOOD + GOOD, "other bytes stand before its first file, perhaps another archive"),
        (GOOD[:-30], "the workbook is damaged"),
        (b"PK\x03\x04rest", "the workbook is damaged"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, message: str, file: Path) -> None:
    file.write_bytes(data)
    with pytest.raises(FormatError, match=message):
        Archive(file, ExpandLimits())


def test_a_bomb_is_refused_before_it_is_opened(file: Path) -> None:
    file.write_bytes(assembled("<row/>" * 200_000))
    with pytest.raises(FormatError, match="grows more than 5 times"):
        Archive(file, ExpandLimits(max_ratio=5, free_size=1 << 10))
    with pytest.raises(FormatError, match=r"holds 12\d\d\d\d\d bytes; 1000000 are the limit"):
        Archive(file, ExpandLimits(max_size=1_000_000))


def test_the_list_of_very_many_members_is_not_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_module, "MOST_DIRECTORY", 100)
    file.write_bytes(GOOD)
    for look in (is_workbook, lambda where: Archive(where, ExpandLimits())):
        with pytest.raises(FormatError, match="list of files in the zip archive is larger"):
            look(file)


def test_damage_inside_is_told_with_the_member(file: Path) -> None:
    data = bytearray(assembled("<row/>" * 10_000))
    place = data.index(b"sheet1.xml", data.index(b"worksheets/sheet1.xml")) + 40
    data[place : place + 8] = b"\xff" * 8
    file.write_bytes(data)
    with closing(Archive(file, ExpandLimits())) as archive:
        with pytest.raises(FormatError, match=r"damaged in 'xl/worksheets/sheet1\.xml'"):
            list(archive.pieces("xl/worksheets/sheet1.xml"))
        with pytest.raises(FormatError, match="the workbook lacks 'xl/none'"):
            list(archive.pieces("xl/none"))


def test_members_are_found_however_their_names_are_written(file: Path) -> None:
    file.write_bytes(packed("/xl/workbook.xml", "xl\\Worksheets\\Sheet1.xml"))
    with closing(Archive(file, ExpandLimits())) as archive:
        assert archive.has("xl/worksheets/sheet1.xml")
        assert list(archive.pieces("xl/worksheets/sheet1.xml")) == [b"x"]
