"""A usual mark that all lines have equally often, the names above them included.

`cats,price` stands above `Home|Kids|Books,16.42`: bars would make more columns, but the names tell
that they are text, as many as there may be of them in every row.
"""

from __future__ import annotations

from collections.abc import Sequence

from sources.formats.csv.detection.columns import columns_of
from sources.formats.csv.detection.first_line import are_names
from sources.formats.csv.detection.reading import Marks, Row
from sources.formats.csv.detection.scoring import USUAL, Attempt, attempt

ENOUGH_LINES = 3  # the names included
SPACE = " "


def with_even_lines(text: str, best: Attempt, ways: Sequence[Marks], *, cut: bool) -> Attempt:
    """Return `best`, or a reading by whose usual mark names and rows are parted alike.

    In `best` the first line is a single cell, as a title is, and the mark no part of its delimiter.
    """
    first = next((row for row in best.rows if not row.is_blank), None)
    if first is None or len(first.cells) > 1 or best.width == 1:
        return best
    others = (
        attempt(text, marks, cut=cut)
        for marks in ways
        if marks.delimiter in {*USUAL, SPACE}
        and marks.delimiter in first.cells[0]
        and marks.delimiter not in best.marks.delimiter
    )
    return max(filter(_are_even, others), key=lambda made: made.score, default=best)


def _are_even(made: Attempt) -> bool:
    """Tell whether all lines have as many cells as there are names in the first one.

    Spaces are between the words of a title, too: names are then above other kinds in most columns.
    """
    rows = [row for row in made.rows if not row.is_blank]
    width = len(rows[0].cells)
    if len(rows) < ENOUGH_LINES or any(len(row.cells) != width for row in rows):
        return False
    told = width if made.marks.delimiter != SPACE else 2 * len(_conflicts(rows, width))
    return told >= width and are_names(rows[0])


def _conflicts(rows: Sequence[Row], width: int) -> Sequence[int]:
    """Return the columns that the first row has words for, and the others something else."""
    return columns_of(rows, width).conflicts(rows[0])
