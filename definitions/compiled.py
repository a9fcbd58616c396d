"""A mapping bound to a file's columns: batches in, records and faults out.

A catalog whose items have the id `sku` and the number `price`, for example:

```
batch     row  sku  price
          1    A    9.50
          2    ""   1
          3    B    x
values    row  value.0  value.1        of the columns `sku` and `price`
          1    A        9.5
          2    null     1
          3    B        null
troubles  price in row 3: not_a_number
          sku in row 2: missing_key, rejects the row
records   row  properties     item_id
          1    {"price":9.5}  A
          3    {}             B
```

A trouble is what is wrong with one column in some rows of a batch. Each of these rows has a fault
by it, and a rejection if the trouble rejects it. A row's spot is its place in the batch, beginning
with 0; its number is that in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.ma  # polars would in some thread, and NumPy cannot in two at once
import polars as pl

from definitions.arrays import Mask, Numbers
from definitions.batches import Batch, Records
from definitions.complaints import LONGEST_VALUE
from definitions.conversion import Conversion
from definitions.faults import MOST_FAULTS, Fault, FaultCode
from definitions.masking import NOTHING_MASKED, Masking
from definitions.styles import Question
from definitions.text_column import columns_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedColumn:
    """A mapped column of the file; a key that cannot be used rejects its row."""

    column: str
    is_key: bool
    conversion: Conversion
    complain: Callable[[str], tuple[FaultCode, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Mapped columns, by number, of which every row must fill one; `column` if there is but one."""

    columns: tuple[int, ...]
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

    `faults` are in file order, one per bad cell and one per missing key, and only the first of the
    `fault_count` there are. They are without the batch's own malformed rows, as is `rejected`, the
    number of rows left out. `rejections` tells why each of these was, `bad` of a column which of
    its cells could not be used, one for each row of the frame.
    """

    records: Records
    faults: Sequence[Fault]
    fault_count: int
    rejected: int
    rejections: Callable[[], list[Rejection]]
    bad: Callable[[str], Mask]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledMapping:
    """A mapping bound to one header; `warnings` name the mapped columns that the file lacks.

    `outputs` are the columns of the records, as expressions over what `columns` hold. `questions`
    are about columns of which the definition does not say how they are written. No fault shows what
    is masked.
    """

    columns: tuple[MappedColumn, ...]
    needs: tuple[Need, ...]
    outputs: Mapping[str, pl.Expr]
    ids: tuple[str, ...]
    warnings: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    masking: Masking = NOTHING_MASKED

    def apply(self, batch: Batch, file: str, most: int = MOST_FAULTS) -> Mapped:
        """Map a batch of `file`: every row ends in the records or is counted as rejected.

        The first `most` faults are made; the others are only counted.
        """
        table, states = self._converted(batch)
        troubles = tuple(self._troubles(states))
        rejected = _any((each.mask for each in troubles if each.rejects), batch.frame.height)
        outputs = [column.alias(name) for name, column in self.outputs.items()]
        frame = table.select_seq("row", *outputs)
        return Mapped(
            records=Records(
                frame=frame.filter(~rejected) if rejected.any() else frame, ids=self.ids
            ),
            faults=self.masking.faults(_first_faults(troubles, batch, file, rejected, most)),
            fault_count=sum(int(trouble.mask.sum()) for trouble in troubles),
            rejected=int(rejected.sum()),
            rejections=partial(_rejections, troubles, batch, rejected),
            bad=partial(_bad, troubles, batch.frame.height),
        )

    def _converted(self, batch: Batch) -> tuple[pl.DataFrame, Sequence[_CellStates]]:
        """Return the converted columns, under names no file can touch, and their cells' states."""
        names = list(dict.fromkeys(mapped.column for mapped in self.columns))
        read = dict(zip(names, columns_of(batch.frame.select(names)), strict=True))
        typed = batch.typed
        done = [
            mapped.conversion(read[mapped.column], typed.get(mapped.column))
            for mapped in self.columns
        ]
        values = {f"value.{number}": each.values for number, each in enumerate(done)}
        states = [
            _CellStates(each.filled, each.filled & each.values.is_null().to_numpy())
            for each in done
        ]
        return pl.DataFrame({"row": batch.rows, **values}), states

    def _troubles(self, states: Sequence[_CellStates]) -> Iterator[_Trouble]:
        """Yield the bad cells column by column, then the needs.

        A cell that several mappings cannot use is in the trouble of the first of them.
        """
        blamed: dict[str, Mask] = {}
        for mapped, (_, bad) in zip(self.columns, states, strict=True):
            known = blamed.get(mapped.column)
            new = bad if known is None else bad & ~known
            if new.any():
                blamed[mapped.column] = new if known is None else new | known
                yield _Trouble(new, mapped.column, mapped.complain, mapped.is_key)
        for need in self.needs:
            complain = partial(_missing_key, need.message)
            empty = ~_any((states[number].filled for number in need.columns), len(states[0].filled))
            yield _Trouble(empty, need.column, complain, rejects=True)


class _CellStates(NamedTuple):
    """Which cells of a column are filled, and which of them hold what could not be converted."""

    filled: Mask
    bad: Mask


class _Trouble(NamedTuple):
    """In which rows of a frame something is wrong with a column, and what is said about it."""

    mask: Mask
    column: str | None
    complain: Callable[[str], tuple[FaultCode, str]]
    rejects: bool


def _rejections(troubles: Sequence[_Trouble], batch: Batch, rejected: Mask) -> list[Rejection]:
    """Tell of each rejected row the first trouble that rejects it."""
    spots = np.flatnonzero(rejected)
    counts = np.sum([trouble.mask[spots] for trouble in troubles], axis=0)
    first: dict[int, _Trouble] = {}
    for trouble in (trouble for trouble in troubles if trouble.rejects):
        for spot in np.flatnonzero(trouble.mask).tolist():
            first.setdefault(spot, trouble)
    found = []
    for spot, count in zip(spots.tolist(), counts.tolist(), strict=True):
        trouble = first[spot]
        raw = None if trouble.column is None else batch.frame[trouble.column][spot]
        code, message = trouble.complain(raw or "")
        found.append(Rejection(spot, code, trouble.column, message, count))
    return found


def _bad(troubles: Sequence[_Trouble], height: int, column: str) -> Mask:
    """Return which cells of a column could not be used."""
    return _any((each.mask for each in troubles if each.column == column), height)


def _first_faults(
    troubles: Sequence[_Trouble], batch: Batch, file: str, rejected: Mask, most: int
) -> tuple[Fault, ...]:
    """Return the first faults in file order; hardly more are made than are returned."""
    if most <= 0:
        return ()
    height = _height_of_first([trouble.mask for trouble in troubles], most)
    faults: list[Fault] = []
    for trouble in troubles:
        spots = np.flatnonzero(trouble.mask[:height])
        for spot, row, line, raw in zip(
            spots.tolist(),
            batch.rows[spots].tolist(),
            batch.lines[spots].tolist(),
            _cells(batch, trouble.column, spots),
            strict=True,
        ):
            code, message = trouble.complain(raw or "")
            fault = Fault(
                file=file,
                row=row,
                line=line,
                column=trouble.column,
                value=None if raw is None else raw[:LONGEST_VALUE],
                code=code,
                message=message,
                rejects_row=bool(rejected[spot]),
            )
            faults.append(fault)
    return tuple(sorted(faults, key=lambda fault: fault.row)[:most])


def _cells(batch: Batch, column: str | None, spots: Numbers) -> Sequence[str | None]:
    """Return what stands in a column at the spots; nothing where there is no column."""
    return [None] * spots.size if column is None else batch.frame[column][spots].to_list()


def _height_of_first(masks: Sequence[Mask], most: int) -> int:
    """Return how many rows hold the first `most` faults."""
    if not masks:
        return 0
    known = np.cumsum(np.sum(masks, axis=0))
    return int(np.searchsorted(known, most)) + 1


def _any(masks: Iterable[Mask], height: int) -> Mask:
    """Tell which rows are marked in any of the masks."""
    marked = np.zeros(height, np.bool_)
    for mask in masks:
        marked |= mask
    return marked


def _missing_key(message: str, _raw: str) -> tuple[FaultCode, str]:
    return FaultCode.MISSING_KEY, message


def value_of(number: int) -> pl.Expr:
    """Return what a mapped column was converted to, to build outputs from."""
    return pl.col(f"value.{number}")
