"""Which of the rows that a person handed in are loaded: those that wait for it, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from definitions.batches import Batch
from definitions.faults import Fault
from definitions.rejects import CorrectedRows


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


def malformed_rows(
    corrected: CorrectedRows, lines: Mapping[int, int], file: str
) -> Iterator[Fault]:
    """Yield the faults of waiting rows that cannot be read still, as faults of `file`."""
    done = set(corrected.rows)
    for row, fault in corrected.malformed:
        if row in lines and row not in done:
            done.add(row)
            yield replace(fault, file=file, row=row, line=lines[row])
