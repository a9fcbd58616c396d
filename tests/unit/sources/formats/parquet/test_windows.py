from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sources.formats.parquet.windows import MOST_PARTS, Table


@pytest.mark.parametrize("width", [1, MOST_PARTS, 2 * MOST_PARTS + 1])
def test_columns_that_are_read_in_turn_stand_in_their_order(width: int, tmp_path: Path) -> None:
    frame = pl.DataFrame({f"c{n}": [n, -n] for n in range(width)})
    frame.write_parquet(tmp_path / "f")

    table = Table(tmp_path / "f")

    assert [column.name for column in table.columns] == frame.columns
    assert table.window(1, 1).rows() == [tuple(str(-n) for n in range(width))]


def test_a_window_ends_with_the_file(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1, 2, 3]}).write_parquet(tmp_path / "f", row_group_size=2)

    table = Table(tmp_path / "f")

    assert table.height == 3
    assert table.window(1, 10).rows() == [("2",), ("3",)]
