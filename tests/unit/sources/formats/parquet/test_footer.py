from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sources.formats.parquet.footer import Meaning, meanings_in
from tests.unit.sources.formats.parquet.intervals_file import FILE as INTERVALS
from tests.unit.sources.formats.parquet.json_columns import told_as_json
from tests.unit.sources.formats.parquet.uuids_file import FILE


def test_of_every_value_of_a_column_it_is_told_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(FILE)

    assert meanings_in(tmp_path / "f") == [
        (Meaning.UUID,),
        (None,),
        (Meaning.UUID, None),
        (Meaning.UUID,),
        (Meaning.UUID, None),
    ]


def test_bytes_are_json_where_a_writer_says_so_of_old(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1], "doc": [b"{}"], "photo": [b"ab"]}).write_parquet(tmp_path / "f")
    told_as_json(tmp_path / "f", "doc")

    assert meanings_in(tmp_path / "f") == [(None,), (Meaning.JSON,), (None,)]


def test_what_is_an_interval_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(INTERVALS)

    interval = Meaning.UNREADABLE
    assert meanings_in(tmp_path / "f") == [(None,), (interval,), (None,), (None, interval), (None,)]


def test_other_columns_have_none(tmp_path: Path) -> None:
    columns = {"id": [1], "bytes": [b"x" * 16], "part": [{"a": 1, "b": {"c": [2.5], "d": "x"}}]}
    pl.DataFrame(columns).write_parquet(tmp_path / "f")

    assert meanings_in(tmp_path / "f") == [(None,), (None,), (None, None, None)]


def test_very_many_columns_are_told_of(tmp_path: Path) -> None:
    pl.DataFrame({f"c{n}": [n] for n in range(300)}).write_parquet(tmp_path / "f")

    assert meanings_in(tmp_path / "f") == [(None,)] * 300


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
        meanings_in(tmp_path / "f")
