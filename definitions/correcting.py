"""Which of the rows that a person handed in are loaded: those that wait for it, each once.

A malformed row that comes back as it was handed out is malformed still, however well it can be read
now: what a program filled up or put quotes around, nobody has corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from definitions.batches import Batch
from definitions.faults import LONGEST_CHARACTER, SHOWN_CHARACTERS, Fault, FaultCode
from definitions.rejects import CorrectedRows, RejectedRow, StillMalformed

# Whether a row that was handed out, and a row that came back as these cells (None: it cannot be
# parted) and this text, are the same.
IsSame: TypeAlias = Callable[[RejectedRow, Sequence[str] | None, bytes], bool]


def with_old_faults(
    corrected: CorrectedRows, kept: Mapping[int, RejectedRow], is_same: IsSame
) -> CorrectedRows:
    """Return the rows, with those that are the same as in `kept` malformed as they were.

    `kept` are rows that were malformed, by number. Where a number is there twice, a row that was
    changed comes before one that was not.
    """
    known = {row: was for row, was in kept.items() if row not in corrected.accepted}
    if not known:
        return corrected
    changed: list[int] = []
    malformed: list[StillMalformed] = []
    same: list[StillMalformed] = []
    for spot, cells in enumerate(corrected.frame.rows()):
        was = known.get(corrected.rows[spot])
        if was is not None and is_same(was, cells, b""):
            same.append(_as_before(was))
        else:
            changed.append(spot)
    for each in corrected.malformed:
        was = known.get(each.row)
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
    for each in corrected.malformed:
        row = each.row
        if row in lines and row not in done:
            done.add(row)
            yield replace(each.fault, file=file, row=row, line=lines[row])


def _as_before(was: RejectedRow) -> StillMalformed:
    """Return a row with the fault for which it was rejected."""
    content = b"" if was.as_cells or was.content is None else was.content
    shown = content[: SHOWN_CHARACTERS * LONGEST_CHARACTER].decode(errors="replace")
    fault = Fault(
        file="",
        row=was.row,
        line=was.line,
        column=None,
        value=shown.rstrip("\r\n")[:SHOWN_CHARACTERS] or None,
        code=FaultCode(was.code),
        message=was.message,
        rejects_row=True,
    )
    return StillMalformed(row=was.row, fault=fault, cells=None, text=content)
