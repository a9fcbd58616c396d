"""Rows that have fewer or more cells than their table, and are its header or rows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sources.formats.csv.detection.columns import ENOUGH_NAMES, Columns, looks_like_names
from sources.formats.csv.detection.kinds import Kind, is_name, kind_of
from sources.formats.csv.detection.reading import Row
from sources.formats.csv.detection.unlike import has_empty_names

SAME = 0.9
FEW_FULL = 6  # of so many rows one at most
ENOUGH_SHORTER, SHARE_OF_SHORTER = 3, 0.1  # rows that lack cells, and of all


def is_uneven_header(rows: Sequence[Row], place: int, width: int, columns: Columns) -> bool:
    """Tell whether a row of another width than the table names its columns all the same."""
    row = rows[place]
    after = next((row for row in rows[place + 1 :] if not row.is_blank), None)
    size = len(row.cells)
    if after is None or len(after.cells) != width or size * 2 < width or size < 2:  # noqa: PLR2004
        return False
    if size > width and _is_longer_header(row, after, columns):
        return True
    names = all(is_name(cell) or kind_of(cell) is Kind.EMPTY for cell in row.cells)
    names &= not row.cells[0].strip().isdecimal()
    surplus = has_empty_names(rows, place, width)
    fitting = [other for other in rows[place + 1 :] if len(other.cells) == width]
    is_loose = not any(other.cells[-1].strip() for other in fitting)
    distinct = len(set(row.cells)) >= SAME * (row.filled if surplus else size)
    distinct |= size == width - 1 and _is_unlike_most(row, columns)
    distinct |= surplus and len(set(row.cells)) > width / 2
    distinct &= row.filled >= SAME * (min(size, width) - (is_loose and not row.cells[-1].strip()))
    data = bool(columns.agreements(after)) and not columns.conflicts(after)
    data |= size == width - 1 and is_loose
    data |= size < width and _is_bare_behind(fitting, size) and not looks_like_names(after, columns)
    ends_empty = size == width + 1 == row.filled + 1 and row.cells[-1].strip() == ""
    sentence = _is_spaced(row) and not _is_spaced(after) and not ends_empty
    return names and distinct and (data or surplus or ends_empty) and not sentence


def lacks_fields(rows: Sequence[Row], width: int) -> bool:
    """Tell whether the first row has fewer fields than most, as others have in which that tells."""
    size = len(rows[0].cells)
    full = [row for row in rows if len(row.cells) == width]
    return size in shorter_rows(rows, width) and not _is_bare_behind(full, size)


def shorter_rows(rows: Sequence[Row], width: int) -> frozenset[int]:
    """Return how many cells rows have that lack some, if such rows are among the full ones."""
    full = [place for place, row in enumerate(rows) if len(row.cells) == width]
    among = rows[full[0] : full[-1]] if full else []
    counts = Counter(len(row.cells) for row in among if not row.is_blank)
    least = max(ENOUGH_SHORTER, SHARE_OF_SHORTER * counts.total())
    return frozenset(size for size in range(2, width) if counts[size] >= least)


def has_gaps_as_others(rows: Sequence[Row], place: int, width: int) -> bool:
    """Tell whether a row has something where others have, too, that are among fuller ones.

    Directly below it is no row without any gap, as names are, if hardly another is such.
    """
    row = rows[place]
    others = [other for other in rows[place + 1 :] if len(other.cells) == width]
    fuller = (i for i, other in enumerate(others) if other.filled > row.filled)
    among = others[next(fuller, len(others)) :]
    gaps = [not cell.strip() for cell in row.cells]
    like = sum([not cell.strip() for cell in other.cells] == gaps for other in among)
    full = sum(other.filled == width for other in others)
    is_below_title = others != [] and others[0].filled == width and full <= len(others) / FEW_FULL
    return not is_below_title and like >= max(ENOUGH_SHORTER, SHARE_OF_SHORTER * len(among))


def _is_spaced(row: Row) -> bool:
    """Tell whether most cells begin with a space, as parts of a sentence do."""
    return sum(cell.startswith(" ") for cell in row.cells[1:]) * 2 >= len(row.cells)


def _is_longer_header(row: Row, after: Row, columns: Columns) -> bool:
    """Tell whether a row has names for most columns, and behind them nothing but delimiters."""
    width = len(after.cells)
    is_bare = _is_bare_behind([row], width) and row.filled * 2 > width
    return is_bare and looks_like_names(row, columns) and not looks_like_names(after, columns)


def _is_bare_behind(rows: Sequence[Row], size: int) -> bool:
    """Tell whether nothing is behind the first cells of all rows."""
    return not any(cell.strip() for row in rows for cell in row.cells[size:])


def _is_unlike_most(row: Row, columns: Columns) -> bool:
    """Tell whether a row holds words above most columns of another kind, of which there are many.

    A name may repeat in it then: a title would not.
    """
    told = sum(kind is not None for kind in columns.kinds)
    conflicts = len(columns.conflicts(row))
    return not columns.agreements(row) and conflicts * 2 > told and conflicts >= ENOUGH_NAMES
