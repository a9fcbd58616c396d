from __future__ import annotations

import io
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import FormatError
from sources.base import ExpandLimits
from sources.formats.xlsx.archive import OLD, Archive, is_workbook
from tests.workbooks import assembled, written

GOOD = written({"Data": [["id"], [1]]})


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
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
        (packed("data.csv"), False),
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
        (packed("xl/workbook.xml", "../x"), r"has a member '\.\./x', which leads out of it"),
        (packed("xl/workbook.xml", "/etc/x"), "which leads out of it"),
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
