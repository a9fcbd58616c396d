"""Which rows of a batch were rejected, and what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from definitions.batches import Batch, Checkpoint, Originals
from definitions.compiled import Mapped
from definitions.faults import Fault, FaultCode
from definitions.rejects import RejectedFile, RejectedRow, Rejects
from definitions.styles import NO_STYLES, Styles, styles_document


def file_reached(
    name: str, reached: Checkpoint, header: tuple[str, ...], styles: Styles = NO_STYLES
) -> RejectedFile:
    """Return the file that a run has come to, as rows that are rejected from it know it."""
    return RejectedFile(
        name=name,
        number=reached.file,
        identity=reached.identity,
        header=header,
        form=None,
        styles=styles_document(styles),
    )


def count_rejects(batch: Batch, mapped: Mapped, file: RejectedFile) -> Rejects | None:
    """Return how many rows of a batch were rejected and nothing of them, None if none was."""
    count = mapped.rejected + batch.rejected
    return Rejects(file=file, rows=(), count=count) if count else None


def gather_rejects(batch: Batch, mapped: Mapped, file: RejectedFile) -> Rejects | None:
    """Return the rejected rows of a batch, None if there are none."""
    counted = count_rejects(batch, mapped, file)
    if counted is None:
        return None
    left = sorted((*_malformed(batch), *_unusable(batch, mapped)), key=lambda each: each.row)
    if batch.originals is None:
        return replace(counted, rows=tuple(_as_cells(batch, left)))
    form = batch.originals.form
    rows = tuple(_as_they_stand(batch.originals, left))
    return replace(counted, file=replace(file, form=form), rows=rows)


def none_but_styles(batch: Batch, file: RejectedFile) -> Rejects:
    """Return that a batch rejected no row, for what it told of how columns of its file are written.

    Rows of the file that were rejected before, or will be, are read as that says.
    """
    form = None if batch.originals is None else batch.originals.form
    return Rejects(file=replace(file, form=form), rows=(), count=0)


class _Left(NamedTuple):
    """A row that was left out; malformed ones are at no spot of the frame."""

    row: int
    line: int
    code: FaultCode
    column: str | None
    message: str
    faults: int
    spot: int | None
    shown: str | None = None


def _malformed(batch: Batch) -> Iterator[_Left]:
    for fault in batch.faults:
        if fault.rejects_row:
            yield _Left(
                row=fault.row,
                line=fault.line,
                code=fault.code,
                column=None,
                message=fault.message,
                faults=1,
                spot=None,
                shown=fault.value,
            )


def _unusable(batch: Batch, mapped: Mapped) -> Iterator[_Left]:
    if not mapped.rejected:
        return
    known = {} if batch.rejected_count is not None else _faults_of_rows(batch.faults)
    for rejection in mapped.rejections():
        row = int(batch.rows[rejection.spot])
        yield _Left(
            row=row,
            line=int(batch.lines[rejection.spot]),
            code=rejection.code,
            column=rejection.column,
            message=rejection.message,
            faults=rejection.faults + known.get(row, 0),
            spot=rejection.spot,
        )


def _faults_of_rows(faults: Iterable[Fault]) -> dict[int, int]:
    """Count what a format had to say of rows that it did not leave out."""
    counts: dict[int, int] = {}
    for fault in faults:
        counts[fault.row] = counts.get(fault.row, 0) + 1
    return counts


def _as_they_stand(originals: Originals, left: list[_Left]) -> Iterator[RejectedRow]:
    wanted = [(each.line, each.code if each.spot is None else None) for each in left]
    for each, text in zip(left, originals.texts(wanted), strict=True):
        yield _rejected(each, text, as_cells=False)


def _as_cells(batch: Batch, left: list[_Left]) -> Iterator[RejectedRow]:
    """Yield rows as the cells that were read; of a malformed one nothing is known but its look."""
    for each in left:
        cells = () if each.spot is None else batch.frame.row(each.spot)
        shown = f"{each.message}: {each.shown}" if each.shown else each.message
        content = json.dumps(cells, ensure_ascii=False).encode()
        row = _rejected(each._replace(message=shown), content, as_cells=True)
        yield row if each.spot is None else replace(row, typed=_typed(batch, each.spot))


def _typed(batch: Batch, spot: int) -> bytes | None:
    """Return which cells of a row are no text in the file, if any."""
    columns = (batch.typed.get(name) for name in batch.frame.columns)
    typed = bytes(flags is not None and bool(flags[spot]) for flags in columns)
    return typed if any(typed) else None


def _rejected(left: _Left, content: bytes | None, *, as_cells: bool) -> RejectedRow:
    return RejectedRow(
        row=left.row,
        line=left.line,
        code=left.code.value,
        column=left.column,
        message=left.message,
        faults=left.faults,
        content=content,
        as_cells=as_cells,
    )
