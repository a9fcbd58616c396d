"""The rows of a Parquet file, a window at a time, every cell as text.

polars may hold the packed bytes of all columns that it is asked for, of a whole row group; so it is
asked for a few columns after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from sources.formats.parquet.cells import CellColumn, flat_columns
from sources.formats.parquet.meanings import with_texts

MOST_PARTS = 12  # in which the columns of a window are read


class Table:
    """An open file: its columns and how many rows they have; rows are read when asked for.

    `left_out` are names of columns that cannot be read.
    Whatever is raised for a damaged file passes through: by polars, `ValueError`, `FormatError`.
    """

    def __init__(self, file: Path) -> None:
        scanned = pl.scan_parquet(file, glob=False, hive_partitioning=False)
        self._values, self.left_out = with_texts(scanned, file)
        schema = self._values.collect_schema()
        self.height = int(self._values.select(pl.len()).collect().item())
        self.columns: Sequence[CellColumn] = flat_columns(schema)
        # Two columns may have the same name.
        self._cells = [column.cells.alias(str(n)) for n, column in enumerate(self.columns)]

    def window(self, at: int, count: int) -> pl.DataFrame:
        """Return `count` rows behind the first `at`, fewer at the end; columns have numbers."""
        rows = self._values.slice(at, count)
        size = -(-len(self._cells) // MOST_PARTS)
        parts = [
            rows.select(self._cells[first : first + size]).collect(engine="streaming")
            for first in range(0, len(self._cells), size)
        ]
        return pl.concat(parts, how="horizontal")
