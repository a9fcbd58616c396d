"""Parquet files as column batches: every cell in the text that a mapping expects.

Another process reads a window of rows at a time (`apart`). A Parquet file has no lines; as the line
of a row its number is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from definitions.batches import Batch, Position
from definitions.errors import FormatError
from sources.base import ReadTerms
from sources.columns import renamed_columns, told_renamed, unique_names
from sources.compression import refuse_bomb
from sources.formats.parquet.apart import Apart
from sources.formats.parquet.ends import check_ends

MOST_COLUMNS = 10_000
MOST_ROWS = 1 << 15  # of a window
FIRST_ROWS = 1 << 10  # of the first window, when it is not known yet how long rows are
WINDOW_BATCHES = 4  # how many batches a window should give
SMALLEST_WINDOW = 1 << 20


@dataclass(frozen=True, slots=True)
class ParquetFormat:
    """Reads Parquet files whose columns are plain values, structures or lists."""

    terms: ReadTerms = field(default_factory=ReadTerms)

    def open(self, file: Path, name: str) -> ParquetReader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when it is no Parquet file, or one that cannot be read.
        """
        check_ends(file, name)
        table = Apart(file, name)
        if not 0 < len(table.columns) <= MOST_COLUMNS:
            msg = f"{name!r} has {len(table.columns)} columns; from 1 to {MOST_COLUMNS} work"
            raise FormatError(msg)
        return ParquetReader(self.terms, file, name, table)


class ParquetReader:
    """An open Parquet file."""

    def __init__(self, terms: ReadTerms, file: Path, name: str, table: Apart) -> None:
        self._terms, self._file, self._name, self._table = terms, file, name, table
        self._size = file.stat().st_size
        found = tuple(column.name for column in table.columns)
        given = terms.layout.column_names
        if given and len(given) != len(found):
            msg = f"{name!r} has {len(found)} columns, `column_names` has {len(given)}; give each"
            raise FormatError(msg)
        self._header = unique_names(given or found)
        self._renamed = renamed_columns(given or found, self._header)

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""
        return self._header

    @property
    def named(self) -> bool:
        """Tell whether the file names the columns."""
        return True

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was found: how many rows, and which columns are shown in another form."""
        columns = zip(self._header, self._table.columns, strict=True)
        binary = [header for header, column in columns if column.is_binary]
        found = {"format": "parquet", "rows": str(self._table.height)}
        shown = {"base64_columns": ", ".join(binary)} if binary else {}
        if left_out := ", ".join(map(repr, self._table.left_out)):
            why = "intervals, or times of 24:00:00 and later"
            shown["left_out"] = f"no column: {left_out}, as there are {why}; write these as text"
        return found | shown | told_renamed(self._renamed)

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first row), in bounded memory.

        The `byte` of their positions counts the rows before.
        """
        at, taken = (resume.row - 1 if resume else 0), 0
        per_row = max(1, self._size // max(1, self._table.height))
        count = min(FIRST_ROWS, self._fitting(per_row))
        while at < self._table.height:
            self._terms.heartbeat()
            window = self._window(at, count)
            size = int(window.estimated_size())
            taken += size
            refuse_bomb(taken, self._size, f"the Parquet file {self._name!r}", self._terms.limits)
            per_row = max(1, size // window.height)
            count = self._fitting(per_row)
            for rows in window.iter_slices(max(1, self._terms.batch_size // per_row)):
                yield self._batch(rows, at)
                at += rows.height

    def _fitting(self, per_row: int) -> int:
        """Return how many rows of so many bytes make a window."""
        window = max(SMALLEST_WINDOW, WINDOW_BATCHES * self._terms.batch_size)
        return min(MOST_ROWS, max(1, window // per_row))

    def _window(self, at: int, count: int) -> pl.DataFrame:
        frame = self._table.window(at, count)
        frame.columns = list(self._header)
        if frame.height != min(count, self._table.height - at):
            msg = f"{self._name!r} holds fewer rows than it says; write it again"
            raise FormatError(msg)
        return frame

    def _batch(self, frame: pl.DataFrame, before: int) -> Batch:
        """Return a batch of rows, before which there are so many."""
        end = before + frame.height
        rows = np.arange(before + 1, end + 1, dtype=np.int64)
        all_rows = np.ones(frame.height, np.bool_)
        columns = zip(self._header, self._table.columns, strict=True)
        return Batch(
            frame=frame,
            rows=rows,
            lines=rows,
            faults=(),
            end=Position(byte=end, row=end + 1, line=end + 1),
            typed={name: all_rows for name, column in columns if column.is_typed},
        )
