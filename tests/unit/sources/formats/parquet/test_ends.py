from __future__ import annotations

import io
import re
from pathlib import Path

import polars as pl
import pytest

from definitions.errors import FormatError
from sources.formats.parquet import ends
from sources.formats.parquet.ends import BORDER, check_ends


def written(**columns: list[object]) -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(columns).write_parquet(stream, compression="uncompressed")
    return stream.getvalue()


GOOD = written(id=[1, 2], name=["a", "b"])


@pytest.mark.parametrize("behind", [GOOD, written(other=[5.5]), GOOD * 2])
def test_a_file_behind_another_one_is_told(behind: bytes, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(GOOD + behind)
    told = (
        f"'people' is several Parquet files one behind the other: one ends before byte {len(GOOD)}"
    )
    with pytest.raises(FormatError, match=re.escape(told)):
        check_ends(tmp_path / "f", "people")


@pytest.mark.parametrize("piece", [1, 3, 7, 8, 9, *range(len(GOOD) - 9, len(GOOD) + 10)])
def test_it_is_told_however_the_file_is_read(
    piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ends, "PIECE", piece)
    (tmp_path / "f").write_bytes(GOOD + GOOD)
    with pytest.raises(FormatError, match=f"one ends before byte {len(GOOD)},"):
        check_ends(tmp_path / "f", "people")


def test_marks_in_a_cell_are_no_ends(tmp_path: Path) -> None:
    for text in (BORDER, b"\0" * 8 + BORDER, b"\xff" * 8 + BORDER, BORDER * 3):
        (tmp_path / "f").write_bytes(written(text=[text] * 3))
        check_ends(tmp_path / "f", "people")
