"""Rows on their way into a batch: what the formats share that read one row after the other.

A format keeps what it read of a row as it likes (a mapping, a list of cells); their cells are made
of all of them at once when the batch is full.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import polars as pl

from definitions.arrays import Mask
from definitions.batches import Batch, Position
from definitions.errors import FormatError
from definitions.faults import Fault, FaultCode, cut
from definitions.model import MalformedRows

MOST_CELLS = 2_000_000  # of one batch: a file of many columns and little in them stays flat too
MOST_ROWS = 50_000  # of one batch, however short they are: each costs memory of its own
MOST_FAULTS = 10_000  # of one batch
SHOWN_CHARACTERS = 200
MAX_RECORD = 4 << 20
MAX_COLUMNS = 10_000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row cannot be used."""

    code: FaultCode
    message: str


TOO_LONG = Problem(code=FaultCode.ROW_TOO_LONG, message=f"is longer than {MAX_RECORD} bytes")
NOT_TEXT = Problem(
    code=FaultCode.BAD_ENCODING, message="has bytes that are no text in the file's encoding"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which row of a file: its number among the data rows, and the line on which it begins."""

    row: int
    line: int


class Cells(NamedTuple):
    """The cells of rows, and which of them are no text in the file; both as a `Batch` has them."""

    frame: pl.DataFrame
    typed: Mapping[str, Mask] = MappingProxyType({})


class Gathering(Generic[Row]):
    """Rows and faults in file order, as many as make one batch.

    With `malformed_rows` `fail` the first row that cannot be read is a `FormatError`.
    """

    def __init__(
        self,
        file: str,
        cells_of: Callable[[Sequence[Row]], Cells],
        width: int,
        policy: MalformedRows,
    ) -> None:
        self.file, self.policy = file, policy
        self._cells_of = cells_of
        self._most_rows = min(max(MOST_CELLS // max(width, 1), 1), MOST_ROWS)
        self.clear()

    @property
    def kept(self) -> Sequence[Row]:
        """Return the rows gathered so far."""
        return self._kept

    @property
    def is_full(self) -> bool:
        """Tell whether a batch should end here, however little input it took."""
        return len(self._kept) >= self._most_rows or len(self._faults) >= MOST_FAULTS

    def keep(self, row: Row, place: Place) -> None:
        """Take a good row."""
        self._kept.append(row)
        self._rows.append(place.row)
        self._lines.append(place.line)

    def reject(self, problem: Problem, place: Place, text: str) -> None:
        """Take a row that cannot be read; `text` is what it looks like."""
        self._end_if_asked(problem, place)
        self._report(problem, place, None, text, rejects=True)

    def note(self, problem: Problem, place: Place, text: str) -> None:
        """Take a problem of a row that was kept in spite of it."""
        self._end_if_asked(problem, place)
        self._report(problem, place, None, text, rejects=False)

    def note_cell(self, problem: Problem, place: Place, column: str, text: str) -> None:
        """Take a problem of one cell of a row that was kept with the cell empty."""
        self._report(problem, place, column, text, rejects=False)

    def flush(self, end: Position) -> Iterator[Batch]:
        """Yield what was gathered as one batch, nothing if there is nothing, and begin the next."""
        if not self._kept and not self._faults:
            return
        cells = self._cells_of(self._kept)
        yield Batch(
            frame=cells.frame,
            rows=np.frombuffer(self._rows, np.int64),
            lines=np.frombuffer(self._lines, np.int64),
            faults=tuple(self._faults),
            end=end,
            typed=cells.typed,
        )
        self.clear()

    def clear(self) -> None:
        """Forget what was gathered."""
        self._kept: list[Row] = []
        self._rows, self._lines = array("q"), array("q")
        self._faults: list[Fault] = []

    def _end_if_asked(self, problem: Problem, place: Place) -> None:
        if self.policy is MalformedRows.FAIL:
            raise malformed(self.file, place, problem.message)

    def _report(
        self, problem: Problem, place: Place, column: str | None, text: str, *, rejects: bool
    ) -> None:
        fault = Fault(
            file=self.file,
            row=place.row,
            line=place.line,
            column=column,
            value=cut(text) if column is None else text[:SHOWN_CHARACTERS],
            code=problem.code,
            message=problem.message,
            rejects_row=rejects,
        )
        self._faults.append(fault)


def malformed(file: str, place: Place, message: str) -> FormatError:
    """Return the error that ends the reading where malformed rows are not wanted at all."""
    msg = (
        f"row {place.row} of {file!r} (line {place.line}) is malformed: {message}; "
        "correct it, or set 'malformed_rows' to 'reject' or 'pad'"
    )
    return FormatError(msg)


def shown(data: bytes) -> str:
    """Return the beginning of `data` as a fault shows it."""
    return cut(data[: 4 * SHOWN_CHARACTERS].decode(errors="replace").strip())


def cells_of_records(records: Sequence[Mapping[str, str]], names: Sequence[str]) -> Cells:
    """Return one text column per name; what a record does not have is an empty cell."""
    columns = (
        pl.Series(name, [record.get(name, "") for record in records], dtype=pl.String)
        for name in names
    )
    return Cells(pl.DataFrame(list(columns)))


def cells_of_rows(rows: Sequence[Sequence[str | bytes]], names: Sequence[str]) -> Cells:
    """Return one text column per name; every row has as many cells as there are names.

    Behind them it has so many bytes: 1 for a cell that is no text in the file, else 0.
    """
    *columns, typed = zip(*rows, strict=True) if rows else ((),) * (len(names) + 1)
    frame = pl.DataFrame(
        [
            pl.Series(name, column, dtype=pl.String)
            for name, column in zip(names, columns, strict=True)
        ]
    )
    flags = np.frombuffer(b"".join(typed), np.bool_)
    masks = flags.reshape(len(rows), len(names)).T.copy()
    return Cells(frame, {name: mask for name, mask in zip(names, masks, strict=True) if mask.any()})


def columns_of(
    records: Sequence[Mapping[str, object]], wanted: frozenset[str], *, complete: bool, file: str
) -> tuple[str, ...]:
    """Return the columns of a file whose records name their own cells.

    They are the names in the beginning of the file, in order of first appearance. Of the names
    that are `wanted` those not seen there are columns too, unless the beginning is `complete`,
    that is the whole file: then nobody will find them. Without any record nothing can be missed.
    """
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    if not complete or not records:
        names.update(dict.fromkeys(sorted(wanted)))
    if records and not names:
        msg = f"the records of {file!r} are empty; there is not one column"
        raise FormatError(msg)
    if len(names) > MAX_COLUMNS:
        msg = f"the records of {file!r} have {len(names)} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    return tuple(names)
