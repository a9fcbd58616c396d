"""Keys and values that are as wide as the table below them, as oscilloscopes write them.

`Probe,10,1` above `TIME,CH1,CH2` is no header. Three lines or more are such, but no more than rows
follow: none of them begins as the rows of the table do, one has values of its columns, and a row
of names is behind them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sources.formats.csv.detection.columns import Columns, columns_of, looks_like_names
from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.reading import Row

FEWEST_LINES, MOST_LINES = 3, 60  # of keys and values


def names_below_values(rows: Sequence[Row], place: int, width: int) -> int | None:
    """Return the row of names below keys and values that begin at `place`, if there is one."""
    if width < 2 or place >= len(rows) or kind_of(rows[place].cells[0]) is not Kind.WORDS:  # noqa: PLR2004
        return None
    below = range(place + 1, min(len(rows), place + MOST_LINES))
    named = (i for i in below if _are_distinct_words(rows[i], width))
    return next((i for i in named if _is_header(rows, place, i, width)), None)


def _are_distinct_words(row: Row, width: int) -> bool:
    are_words = all(kind_of(cell) is Kind.WORDS for cell in row.cells)
    return len(set(row.cells)) == len(row.cells) == width and are_words


def _is_header(rows: Sequence[Row], begin: int, place: int, width: int) -> bool:
    """Tell whether the row at `place` names what is below it, and those from `begin` do not."""
    columns = columns_of(rows[place + 1 :], width)
    above = [row for row in rows[begin:place] if not row.is_blank]
    below = [row for row in rows[place + 1 :] if len(row.cells) == width]
    return (
        columns.kinds[:1] not in ([], [None])
        and FEWEST_LINES <= len(above) <= len(below)
        and looks_like_names(rows[place], columns)
        and not any(_begins_like_data(row, columns) for row in above)
        and any(len(row.cells) == width and columns.agreements(row) for row in above)
    )


def _begins_like_data(row: Row, columns: Columns) -> bool:
    return kind_of(row.cells[0]) is columns.kinds[0]
