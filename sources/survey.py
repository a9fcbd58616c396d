"""How columns of a file are written, found out before the first of its rows is loaded.

The answer depends on the file alone, not on where an attempt begins or how large batches are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from definitions.styles import (
    NO_STYLES,
    Question,
    Styles,
    Survey,
    doubtful,
    may_be_grouped,
    written_cells,
)
from sources.base import Reader
from sources.begun import Begun, close_batches

FIRST_ROWS: Final = 5_000


def find_styles(
    begun: Begun, questions: Collection[Question], masked: Collection[str] = frozenset()
) -> Styles:
    """Answer questions about a file's columns; of the `masked` ones no cell is told as a proof.

    For a column the whole file is surveyed, in a pass of its own, only if the first `FIRST_ROWS`
    rows hold a cell whose reading depends on the style, or if every point in them may group
    thousands (`1.234`). Any other column is plain until a cell that depends on it comes later.
    Where no survey is needed, the batches that were read to find that out stay in `begun`, if they
    are few.
    """
    left = _doubtful(begun, questions) if questions else ()
    return survey_of(begun, left, masked) if left else NO_STYLES


def survey_of(
    reader: Reader, questions: Collection[Question], masked: Collection[str] = frozenset()
) -> Styles:
    """Answer questions by all cells of their columns, in a pass over the file."""
    survey = Survey(questions, masked)
    batches = reader.batches()
    try:
        for batch in batches:
            survey.add(batch)
            if survey.settled:
                break
    finally:
        close_batches(batches)
    return survey.styles()


def _doubtful(begun: Begun, questions: Collection[Question]) -> tuple[Question, ...]:
    """Return the questions that cannot be answered without the whole file, in order."""
    found: set[Question] = set()
    grouped: dict[Question, bool] = {}
    for batch in begun.look():
        count = int(np.searchsorted(batch.rows, FIRST_ROWS, side="right"))
        frame = written_cells(batch, questions).head(count)
        found.update(doubtful(questions, frame))
        for question, may_be in may_be_grouped(questions, frame).items():
            grouped[question] = may_be and grouped.get(question, True)
        if count < len(batch.rows) or batch.end.row > FIRST_ROWS:
            break
    return tuple(each for each in questions if each in found or grouped.get(each))
