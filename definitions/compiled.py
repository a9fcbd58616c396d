"""A mapping bound to a file's columns: batches in, records and faults out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from definitions.batches import Batch, Records
from definitions.complaints import LONGEST_VALUE
from definitions.conversion import Conversion
from definitions.faults import MOST_FAULTS, Fault, FaultCode
from definitions.masking import NOTHING_MASKED, Masking
from definitions.styles import Question


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


class Rejection(NamedTuple):
    """Why the row at a spot of the frame was left out, and how many faults it has."""

    spot: int
    code: FaultCode
    column: str | None
    message: str
    faults: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapped:
    """What became of a batch's frame.

    `faults` are in file order, one per bad cell, and only the first of the `fault_count` there
    are. They are without the batch's own malformed rows, as is `rejected`, the
    number of rows left out. `rejections` tells why each of these was.
    """

    records: Records
    faults: Sequence[Fault]
    fault_count: int
    rejected: int
    rejections: Callable[[], list[Rejection]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledMapping:
    """A mapping bound to one header; `warnings` name the mapped columns that the file lacks.

    `outputs` are the columns of the records, as expressions over the cells' values. `questions`
    are about columns of which the definition does not say how they are written. No fault shows what
    is masked.
    """

    cells: tuple[Cell, ...]
    needs: tuple[Need, ...]
    outputs: Mapping[str, pl.Expr]
    ids: tuple[str, ...]
    warnings: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    masking: Masking = NOTHING_MASKED

    def apply(self, batch: Batch, file: str, most: int = MOST_FAULTS) -> Mapped:
        """Map a batch of `file`: every row ends in the records or is counted as rejected.

        So many faults at `most` are made; the others are counted.
        """
        table = self._evaluate(batch)
        troubles = tuple(self._troubles(table))
        rejected = table["rejected"]
        frame = table.filter(~rejected).select("row", *self.outputs)
        return Mapped(
            records=Records(frame=frame, ids=self.ids),
            faults=self.masking.faults(_first_faults(troubles, batch, file, rejected, most)),
            fault_count=sum(int(trouble.mask.sum()) for trouble in troubles),
            rejected=int(rejected.sum()),
            rejections=partial(_rejections, troubles, batch, rejected),
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

    def _troubles(self, table: pl.DataFrame) -> Iterator[_Trouble]:
        """Yield the bad cells column by column, each once however often mapped, then the needs."""
        blamed: dict[str, pl.Series] = {}
        for number, cell in enumerate(self.cells):
            bad = table[f"bad.{number}"]
            known = blamed.get(cell.column)
            new = bad if known is None else bad & ~known
            if new.any():
                blamed[cell.column] = new if known is None else new | known
                yield _Trouble(new, cell.column, cell.complain, cell.is_key)
        for number, need in enumerate(self.needs):
            complain = partial(_missing_key, need.message)
            yield _Trouble(table[f"missing.{number}"], need.column, complain, rejects=True)


class _Trouble(NamedTuple):
    """In which rows of a frame something is wrong with a column, and what is said about it."""

    mask: pl.Series
    column: str | None
    complain: Callable[[str], tuple[FaultCode, str]]
    rejects: bool


def _rejections(troubles: Sequence[_Trouble], batch: Batch, rejected: pl.Series) -> list[Rejection]:
    """Tell of each rejected row the first trouble that rejects it."""
    spots = rejected.arg_true().to_numpy()
    counts = np.sum([trouble.mask.to_numpy()[spots] for trouble in troubles], axis=0)
    first: dict[int, _Trouble] = {}
    for trouble in sorted(troubles, key=lambda trouble: not trouble.rejects):
        for spot in (trouble.mask & rejected).arg_true():
            first.setdefault(spot, trouble)
    found = []
    for spot, count in zip(spots.tolist(), counts.tolist(), strict=True):
        trouble = first[spot]
        raw = None if trouble.column is None else batch.frame[trouble.column][spot]
        code, message = trouble.complain(raw or "")
        found.append(Rejection(spot, code, trouble.column, message, count))
    return found


def _first_faults(
    troubles: Sequence[_Trouble], batch: Batch, file: str, rejected: pl.Series, most: int
) -> tuple[Fault, ...]:
    """Return the first faults in file order; hardly more are made than are returned."""
    if most <= 0:
        return ()
    height = _height_of_first([trouble.mask for trouble in troubles], most)
    faults: list[Fault] = []
    for trouble in troubles:
        column = None if trouble.column is None else batch.frame[trouble.column]
        for spot in trouble.mask.head(height).arg_true():
            raw = None if column is None else column[spot]
            code, message = trouble.complain(raw or "")
            fault = Fault(
                file=file,
                row=int(batch.rows[spot]),
                line=int(batch.lines[spot]),
                column=trouble.column,
                value=None if raw is None else raw[:LONGEST_VALUE],
                code=code,
                message=message,
                rejects_row=rejected[spot],
            )
            faults.append(fault)
    return tuple(sorted(faults, key=lambda fault: fault.row)[:most])


def _height_of_first(masks: Sequence[pl.Series], most: int) -> int:
    """Return how many rows hold the first `most` faults."""
    if not masks:
        return 0
    known = np.cumsum(np.sum([mask.to_numpy() for mask in masks], axis=0))
    return int(np.searchsorted(known, most)) + 1


def _missing_key(message: str, _raw: str) -> tuple[FaultCode, str]:
    return FaultCode.MISSING_KEY, message


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
