"""From blocks of rows to batches, without the rows at a file's end that are no data."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from definitions.batches import Batch
from definitions.errors import ReconcileError
from definitions.faults import Fault
from sources.footers import check_footer
from sources.formats.csv.block_builder import Block
from sources.formats.csv.frames import read_frame
from sources.formats.csv.lazy_faults import LazyFaults
from sources.formats.csv.originals import CsvOriginals, Written


def batch_of(
    blocks: Sequence[Block], file: str, names: Sequence[str], written: Written | None = None
) -> Iterator[Batch]:
    """Yield what the blocks hold as one batch, nothing if there were only blank lines."""
    if not any(len(block.rows) or block.faults for block in blocks):
        return
    rows = np.concatenate([block.rows for block in blocks])
    frame = read_frame((text for block in blocks for text in block.texts), names)
    if frame.height != len(rows):
        msg = (
            f"{file!r} was split into {len(rows)} rows but read as {frame.height} "
            f"before line {blocks[-1].end.line}; this is an error of importmgr, report it"
        )
        raise ReconcileError(msg)
    faults = _faults_of(blocks)
    yield Batch(
        frame=frame,
        rows=rows,
        lines=np.concatenate([block.lines for block in blocks]),
        faults=faults,
        rejected_count=len(faults) if isinstance(faults, LazyFaults) else None,
        end=blocks[-1].end,
        originals=None if written is None else CsvOriginals(tuple(blocks), written),
    )


def _faults_of(blocks: Sequence[Block]) -> Sequence[Fault]:
    left = [block.faults for block in blocks if isinstance(block.faults, LazyFaults)]
    if left:
        return LazyFaults.joined(left)
    return tuple(fault for block in blocks for fault in block.faults)


def without_footer(
    batches: Iterable[Batch], footer_rows: int, whole_file: str | None
) -> Iterator[Batch]:
    """Yield the batches without the last rows of all, good and malformed ones alike.

    A batch is held back until so many rows have been read behind it; so a batch that is yielded
    before the end stays as it is, and reading on from there finds the same last rows. If the
    batches are all of `whole_file`, raise `FormatError` where it has rows, but fewer than that.
    """
    held: deque[Batch] = deque()
    for batch in batches:
        held.append(batch)
        while len(held) > 1 and batch.end.row - held[0].end.row >= footer_rows:
            yield held.popleft()
    if held:
        first_of_footer = held[-1].end.row - footer_rows
        if whole_file is not None:
            check_footer(whole_file, held[-1].end.row - 1, footer_rows)
        shortened = (_rows_before(batch, first_of_footer) for batch in held)
        yield from (batch for batch in shortened if batch.read)


def _rows_before(batch: Batch, row: int) -> Batch:
    if batch.end.row <= row:
        return batch
    wanted = batch.rows < row
    return replace(
        batch,
        frame=batch.frame.filter(pl.Series(wanted)),
        rows=batch.rows[wanted],
        lines=batch.lines[wanted],
        faults=tuple(fault for fault in batch.faults if fault.row < row),
        rejected_count=None,
        end=replace(batch.end, row=max(row, 1)),
    )
