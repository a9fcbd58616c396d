"""Every format reads a large file in the memory that a small one takes."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest

from sources.registry import FORMATS
from tests.reading import memory_growth
from tests.workbooks import assembled

ROWS, FEW = 45_000, 12_000  # 90 MB, and 24 MB, which is several batches
MOST_GROWTH = 40  # MiB
NOTE = "x" * 2000
GROUP = 5_000  # rows of Parquet that stand together
SHEET = "xl/worksheets/sheet1.xml"


def _csv(out: BinaryIO, rows: int) -> None:
    out.write(b"id,note,x\n")
    out.writelines(f'{number},"{NOTE}",1.50\n'.encode() for number in range(rows))


def _json(out: BinaryIO, rows: int) -> None:
    out.write(b"[\n")
    for number in range(rows):
        end = "," if number < rows - 1 else "]"
        out.write(f"{json.dumps({'id': number, 'note': NOTE, 'in': {'x': 1.50}})}{end}\n".encode())


def _xml(out: BinaryIO, rows: int) -> None:
    out.write(b"<list>\n")
    for number in range(rows):
        record = f"<p id='{number}'><note>{NOTE}</note><x>1</x><x>2</x></p>"
        out.write(f"{record}\n".encode())
    out.write(b"</list>")


def _xlsx(out: BinaryIO, rows: int) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        with zipfile.ZipFile(io.BytesIO(assembled(""))) as empty:
            for member in empty.namelist():
                if member != SHEET:
                    packed.writestr(member, empty.read(member))
        with packed.open(SHEET, "w") as sheet:
            sheet.write(b"<worksheet><sheetData><row><c t='str'><v>note</v></c></row>")
            for number in range(rows):
                cell = f"<row><c t='str'><v>{number} {NOTE}</v></c></row>"
                sheet.write(cell.encode())
            sheet.write(b"</sheetData></worksheet>")


def _parquet(out: BinaryIO, rows: int) -> None:
    drawn = random.Random(7)  # else a note is stored once
    notes = [drawn.randbytes(len(NOTE) // 2).hex() for _ in range(rows)]
    frame = pl.DataFrame({"id": range(rows), "note": notes})
    frame.write_parquet(out, compression="uncompressed", row_group_size=GROUP)


WRITERS: dict[str, Callable[[BinaryIO, int], None]] = {
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
    "xml": _xml,
    "xlsx": _xlsx,
}


def test_no_format_is_left_out() -> None:
    assert set(WRITERS) == set(FORMATS)


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_memory_does_not_grow_with_the_file(kind: str, tmp_path: Path) -> None:
    for name, rows in (("small", FEW), ("large", ROWS)):
        with (tmp_path / name).open("wb") as out:
            WRITERS[kind](out, rows)
    rows, growth = memory_growth(tmp_path / "small", tmp_path / "large")
    assert rows == ROWS
    assert growth < MOST_GROWTH
