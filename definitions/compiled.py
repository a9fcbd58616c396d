"""A mapping bound to a file's columns: batches in, records and faults out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from definitions.batches import Batch, Records
from definitions.complaints import LONGEST_VALUE
from definitions.conversion import Conversion
from definitions.faults import Fault, FaultCode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """A mapped column of the file; a key that cannot be used rejects its row."""

    column: str
    is_key: bool
    conversion: Conversion
    complain: Callable[[str], tuple[FaultCode, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Cells, by number, of which every row must fill at least one; `column` if there is but one."""

    cells: tuple[int, ...]
    column: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What became of a batch's frame.

    `faults` are in file order, one per bad cell, without the batch's own malformed rows, as is
    `rejected`, the number of rows left out.
    """

    records: Records
    faults: tuple[Fault, ...]
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledMapping:
    """A mapping bound to one header; `warnings` name the mapped columns that the file lacks.

    `outputs` are the columns of the records, as expressions over the cells' values.
    """

    cells: tuple[Cell, ...]
    needs: tuple[Need, ...]
    outputs: Mapping[str, pl.Expr]
    ids: tuple[str, ...]
    warnings: tuple[str, ...]

    def apply(self, batch: Batch, file: str) -> Mapped:
        """Map a batch of `file`: every row ends in the records or is counted as rejected."""
        table = self._evaluate(batch)
        rejected = table["rejected"]
        faults = sorted(self._faults(table, batch, file), key=lambda fault: fault.row)
        frame = table.filter(~rejected).select("row", *self.outputs)
        return Mapped(
            records=Records(frame=frame, ids=self.ids),
            faults=tuple(dict.fromkeys(faults)),  # a column mapped twice complains once
            rejected=int(rejected.sum()),
        )

    def _evaluate(self, batch: Batch) -> pl.DataFrame:
        """Return the outputs with the masks `bad.N`, `missing.N` and `rejected` beside them."""
        bad = [_bad(number) for number in range(len(self.cells))]
        missing = [_missing(number, need) for number, need in enumerate(self.needs)]
        keys = [mask for mask, cell in zip(bad, self.cells, strict=True) if cell.is_key]
        outputs = [column.alias(name) for name, column in self.outputs.items()]
        return (
            batch.frame.lazy()
            .select(*_values(self.cells))
            .select(*outputs, *bad, *missing, pl.any_horizontal(*keys, *missing).alias("rejected"))
            .collect()
            .with_columns(pl.Series("row", batch.rows))
        )

    def _faults(self, table: pl.DataFrame, batch: Batch, file: str) -> Iterator[Fault]:
        """Yield a fault per finding, in the order of the findings."""
        rejected = table["rejected"]
        for found in self._findings(table, batch.frame):
            yield Fault(
                file=file,
                row=int(batch.rows[found.spot]),
                line=int(batch.lines[found.spot]),
                column=found.column,
                value=None if found.raw is None else found.raw[:LONGEST_VALUE],
                code=found.code,
                message=found.message,
                rejects_row=rejected[found.spot],
            )

    def _findings(self, table: pl.DataFrame, frame: pl.DataFrame) -> Iterator[_Finding]:
        """Yield the bad cells column by column, then the missing keys."""
        for number, cell in enumerate(self.cells):
            for spot in table[f"bad.{number}"].arg_true():
                raw = frame[cell.column][spot]
                yield _Finding(spot, cell.column, raw, *cell.complain(raw))
        for number, need in enumerate(self.needs):
            for spot in table[f"missing.{number}"].arg_true():
                raw = None if need.column is None else frame[need.column][spot]
                yield _Finding(spot, need.column, raw, FaultCode.MISSING_KEY, need.message)


class _Finding(NamedTuple):
    """Something wrong in the row at `spot` of a frame."""

    spot: int
    column: str | None
    raw: str | None
    code: FaultCode
    message: str


def value_of(number: int) -> pl.Expr:
    """Return the converted column of a cell, to build outputs from."""
    return pl.col(f"value.{number}")


def _values(cells: Sequence[Cell]) -> Iterator[pl.Expr]:
    """Yield the columns that outputs and masks are made of, under names no file can touch."""
    for number, cell in enumerate(cells):
        yield cell.conversion.value.alias(f"value.{number}")
        yield cell.conversion.filled.alias(f"filled.{number}")


def _bad(number: int) -> pl.Expr:
    """Tell which cells hold something that could not be converted."""
    return (pl.col(f"filled.{number}") & value_of(number).is_null()).alias(f"bad.{number}")


def _missing(number: int, need: Need) -> pl.Expr:
    """Tell which rows fill none of the cells needed."""
    any_filled = pl.any_horizontal(*(pl.col(f"filled.{cell}") for cell in need.cells))
    return (~any_filled).alias(f"missing.{number}")
