"""Which of the rows that a person handed in are loaded: those that wait for it, each once.

A malformed row that comes back as it was handed out is malformed still, however well it can be read
now: what a program filled up or put quotes around, nobody has corrected. Unless a person says that
it is right as it can be parted.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import polars as pl

from definitions.batches import Batch
from definitions.faults import Fault, FaultCode, shown_row
from definitions.rejects import (
    ACCEPTED,
    CODE,
    GIVEN_UP,
    ROW,
    CorrectedRows,
    RejectedRow,
    StillMalformed,
)

# Whether a row that was handed out, and a row that came back as these cells (None: it cannot be
# parted) and this text, are the same.
IsSame: TypeAlias = Callable[[RejectedRow, Sequence[str] | None, bytes], bool]
# The cells of a row that was handed out, as well as it can be parted.
Parted: TypeAlias = Callable[[RejectedRow], Sequence[str]]


def with_accepted(
    corrected: CorrectedRows, kept: Mapping[int, RejectedRow], is_same: IsSame, parted: Parted
) -> CorrectedRows:
    """Return the rows, with malformed ones that a person accepts read as they can be parted.

    `kept` are rows that were malformed, by number. Rows with cells that are too many stay as they
    are: nobody knows which ones these are.
    """
    malformed: list[StillMalformed] = []
    accepted: dict[int, Sequence[str]] = {}
    for each in corrected.malformed:
        was = kept.get(each.row)
        is_as_before = was is not None and is_same(was, each.cells, each.text)
        cells = parted(was) if was is not None and is_as_before else each.cells
        fitted = _fitted(cells, corrected.frame.width)
        is_accepted = each.row in corrected.accepted and each.row not in accepted
        if was is None or fitted is None or not is_accepted:
            malformed.append(each)
        else:
            accepted[each.row] = fitted
    if not accepted:
        return corrected
    more = pl.DataFrame(list(accepted.values()), schema=corrected.frame.schema, orient="row")
    return replace(
        corrected,
        frame=corrected.frame.vstack(more),
        rows=[*corrected.rows, *accepted],
        malformed=tuple(malformed),
    )


def with_old_faults(
    corrected: CorrectedRows, kept: Mapping[int, RejectedRow], is_same: IsSame
) -> CorrectedRows:
    """Return the rows, with those that are the same as in `kept` malformed as they were.

    `kept` are rows that were malformed, by number. Where a number is there twice, a row that was
    changed comes before one that was not.
    """
    if not kept:
        return corrected
    changed: list[int] = []
    malformed: list[StillMalformed] = []
    same: list[StillMalformed] = []
    for spot, cells in enumerate(corrected.frame.rows()):
        row = corrected.rows[spot]
        was = None if row in corrected.accepted else kept.get(row)
        if was is not None and is_same(was, cells, b""):
            same.append(_as_before(was))
        else:
            changed.append(spot)
    for each in corrected.malformed:
        was = kept.get(each.row)
        if was is not None and is_same(was, each.cells, each.text):
            same.append(_as_before(was))
        else:
            malformed.append(each)
    return replace(
        corrected,
        frame=corrected.frame[changed],
        rows=[corrected.rows[spot] for spot in changed],
        malformed=(*malformed, *same),
    )


def given_up(corrected: CorrectedRows, waiting: Container[int]) -> frozenset[int]:
    """Return the numbers of waiting rows that a person gives up.

    One that is there a second time, without a word on it, is not given up.
    """
    kept = {*corrected.rows, *(each.row for each in corrected.malformed)}
    return frozenset(row for row in corrected.given_up if row in waiting and row not in kept)


def waiting_rows(corrected: CorrectedRows, lines: Mapping[int, int]) -> Batch:
    """Return the rows whose numbers are in `lines`, which tells the line of each.

    Of several rows with one number the first counts.
    """
    spots: dict[int, int] = {}
    for spot, row in enumerate(corrected.rows):
        if row in lines:
            spots.setdefault(row, spot)
    return Batch(
        frame=corrected.frame[list(spots.values())],
        rows=np.array(list(spots), np.int64),
        lines=np.array([lines[row] for row in spots], np.int64),
        faults=(),
        end=corrected.end,
    )


def with_typed(batch: Batch, kept: Mapping[int, RejectedRow], parted: Parted) -> Batch:
    """Return waiting rows, and which of their cells are no text in the file they come from.

    Those are cells that came back as they were handed out; what a person wrote is text.
    """
    typed = np.zeros((batch.frame.width, batch.frame.height), np.bool_)
    for spot, (row, cells) in enumerate(zip(batch.rows.tolist(), batch.frame.rows(), strict=True)):
        was = kept[row]
        if was.typed is not None:
            before = zip(was.typed, parted(was), cells, strict=True)
            typed[:, spot] = [flag and old.strip() == new.strip() for flag, old, new in before]
    named = zip(batch.frame.columns, typed, strict=True)
    return replace(batch, typed={name: flags for name, flags in named if flags.any()})


def malformed_rows(
    corrected: CorrectedRows, lines: Mapping[int, int], file: str
) -> Iterator[StillMalformed]:
    """Yield the waiting rows that cannot be read still, with their faults as those of `file`."""
    done = set(corrected.rows)
    for each in corrected.malformed:
        row = each.row
        if row in lines and row not in done:
            done.add(row)
            fault = replace(each.fault, file=file, row=row, line=lines[row])
            yield replace(each, fault=fault)


def _fitted(cells: Sequence[str] | None, width: int) -> Sequence[str] | None:
    """Return cells filled up to the width of the header; None if there are too many, or none."""
    if cells is None or any(cell.strip() for cell in cells[width:]):
        return None
    return [*cells[:width], *[""] * (width - len(cells))]


def advice(*, untouched: int, skipped: int) -> Iterator[str]:
    """Yield what a person has to know of a repair that left rows rejected, or knew none of them."""
    if untouched:
        yield (
            f"{_rows(untouched)} came back as handed out, rejected still: correct them, or write "
            f"{GIVEN_UP!r} into {CODE} to give them up, or {ACCEPTED!r} to load malformed ones as "
            "they were parted, unless they have cells behind the last column"
        )
    if skipped:
        yield (
            f"{_rows(skipped)} skipped: in {ROW} is the number of no row that waits for a repair; "
            "it was loaded or given up before, is there twice, or was never handed out"
        )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _as_before(was: RejectedRow) -> StillMalformed:
    """Return a row with the fault for which it was rejected."""
    content = b"" if was.as_cells or was.content is None else was.content
    fault = Fault(
        file="",
        row=was.row,
        line=was.line,
        column=None,
        value=shown_row(content) or None,
        code=FaultCode(was.code),
        message=was.message,
        rejects_row=True,
    )
    return StillMalformed(row=was.row, fault=fault, cells=None, text=content)
