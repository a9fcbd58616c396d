"""What the lines of a text count as the cells of one column, beside readings with delimiters.

More if they are all of a kind but words. Less where the first line has a delimiter, and several
others have it before a quote: then fields in quotes are in them, as where rows leave out cells that
are empty at their end. Less also where it parts names in the first line, and cells in some others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sources.formats.csv.detection.first_line import has_commas_above_numbers
from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.lacking import lack_cells
from sources.formats.csv.detection.reading import Row

ONE_COLUMN, OF_ONE_KIND = 0.27, 0.65  # for lines of words, and of numbers; two columns get 0.5
OF_SEVERAL = 0.07
ENOUGH_QUOTED = 2  # lines with a delimiter before a quote
ENDS_OF_CELLS = (",", ";", "\t", "|")  # `1,` is two cells, though some write numbers so


def worth_of(rows: Sequence[Row]) -> float:
    """Return what a text counts as one column, of which the lines are `rows`."""
    if any(_parts_quoted(mark, rows) or _parts_names(mark, rows) for mark in ENDS_OF_CELLS):
        return OF_SEVERAL
    commas = has_commas_above_numbers(rows)
    typed = sum(
        kind_of(row.cells[0]) not in {Kind.WORDS, Kind.EMPTY}
        and not (commas and "," in row.cells[0])
        and not row.cells[0].endswith(ENDS_OF_CELLS)
        for row in rows
    )
    return ONE_COLUMN + (OF_ONE_KIND - ONE_COLUMN) * typed / len(rows)


def _parts_quoted(mark: str, rows: Sequence[Row]) -> bool:
    """Tell whether a mark stands in the first line, as between names, and before quotes below."""
    first = rows[0].cells[0]
    quoted = sum(f'{mark}"' in row.cells[0] for row in rows[1:])
    return mark in first and f"{mark} " not in first and quoted >= ENOUGH_QUOTED


def _parts_names(mark: str, rows: Sequence[Row]) -> bool:
    """Tell whether a mark parts names in the first line, and as many cells in some others."""
    if mark not in rows[0].cells[0]:
        return False
    parted = ((row, tuple(row.cells[0].split(mark))) for row in rows)
    return lack_cells(
        [replace(row, cells=cells, quoted=(False,) * len(cells)) for row, cells in parted]
    )
