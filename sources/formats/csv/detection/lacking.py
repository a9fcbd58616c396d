"""Rows that end before the last columns, as nothing is in these, below names that tell them.

Excel writes such rows where the last columns are empty for sixteen rows and more.
"""

from __future__ import annotations

from collections.abc import Sequence

from sources.formats.csv.detection.first_line import are_names
from sources.formats.csv.detection.reading import Row

ENOUGH_FULL = 2


def lack_cells(rows: Sequence[Row]) -> bool:
    """Tell whether some `rows` have all cells that the first one names, others fewer, none more.

    No cell but a first one begins with a space, as parts of a sentence do.
    """
    names, others = rows[0], rows[1:]
    full = sum(len(row.cells) == len(names.cells) for row in others)
    return (
        are_names(names)
        and ENOUGH_FULL <= full < len(others)
        and all(len(row.cells) <= len(names.cells) for row in others)
        and not any(cell.startswith(" ") for row in others for cell in row.cells[1:])
    )
