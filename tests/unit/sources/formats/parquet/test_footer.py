from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sources.formats.parquet.footer import uuids_in
from tests.unit.sources.formats.parquet.uuids_file import FILE


def test_of_every_value_of_a_column_it_is_told_whether_it_is_a_uuid(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(FILE)

    assert uuids_in(tmp_path / "f") == [
        (True,),
        (False,),
        (True, False),
        (True,),
        (True, False),
    ]


def test_other_columns_have_none(tmp_path: Path) -> None:
    columns = {"id": [1], "bytes": [b"x" * 16], "part": [{"a": 1, "b": {"c": [2.5], "d": "x"}}]}
    pl.DataFrame(columns).write_parquet(tmp_path / "f")

    assert uuids_in(tmp_path / "f") == [(False,), (False,), (False, False, False)]


def test_very_many_columns_are_told_of(tmp_path: Path) -> None:
    pl.DataFrame({f"c{n}": [n] for n in range(300)}).write_parquet(tmp_path / "f")

    assert uuids_in(tmp_path / "f") == [(False,)] * 300


@pytest.mark.parametrize(
    ("root", "problem"),
    [
        (b"\x48\x01r\x15\x04", "has fewer columns than it says"),
        (b"\x48\x01r\x18\x01\x04", "is of another kind"),
    ],
)
def test_columns_that_are_not_as_the_root_says_are_damage(
    root: bytes, problem: str, tmp_path: Path
) -> None:
    footer = b"\x15\x02\x19\x1c" + root + b"\x00\x00"
    (tmp_path / "f").write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")

    with pytest.raises(ValueError, match=problem):
        uuids_in(tmp_path / "f")
