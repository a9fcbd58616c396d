"""Rows above the names of a table that have groups of them: `2023 | | 2024 |` above `Q1 | Q2 | …`.

The cells behind a group are merged into it, or empty. Merged ones tell how far a group goes; where
none are, it goes on up to the next one, and only numbers below tell that its names are no data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from sources.formats.xlsx.above import NO_NAME, NUMBER
from sources.formats.xlsx.merged import MergedIn, Span
from sources.formats.xlsx.sheet import SheetRow

MOST_GROUP_ROWS = 3
FEWEST_ROWS = 3  # groups, names and data
ENOUGH_GROUPS = 2  # a single name may be merged above two columns of data


def grouped_header(rows: Sequence[SheetRow], merged_in: MergedIn) -> list[list[str]]:
    """Return the cells of a header of groups and names, each group above all of its names.

    There are none if the first row has no groups.
    """
    if len(rows) < FEWEST_ROWS or not _may_be_groups(rows):
        return []
    looked_at = rows[: MOST_GROUP_ROWS + 1]
    spans = merged_in({row.number for row in looked_at})
    if not _of(spans, rows[0]):
        return _unmerged_groups(rows)
    count = next((n for n, row in enumerate(looked_at) if not _of(spans, row)), len(rows))
    header = _spread(rows[: count + 1], spans)
    last = _of(spans, rows[count - 1])
    return header if _are_named(header, rows[count + 1 :], last) else []


def joined_header(rows: Sequence[SheetRow], merged_in: MergedIn) -> list[list[str]]:
    """Return the cells of rows that are a header, each group above all that it is merged with."""
    has_gaps = any("" in row.cells or len(row.cells) < len(rows[-1].cells) for row in rows[:-1])
    return _spread(rows, merged_in({row.number for row in rows}) if has_gaps else [])


def _may_be_groups(rows: Sequence[SheetRow]) -> bool:
    """Tell whether there are columns without a text in the first row, the second one being next."""
    return rows[1].number == rows[0].number + 1 and any(
        not above for above, _ in zip_longest(rows[0].cells, rows[1].cells, fillvalue="")
    )


def _spread(rows: Sequence[SheetRow], spans: Sequence[Span]) -> list[list[str]]:
    """Return the cells of rows, of which all but the last one have groups."""
    found = [list(map(str.strip, row.cells)) for row in rows]
    for row, cells in zip(rows[:-1], found, strict=False):
        for span in _of(spans, row):
            count = span.last + 1 - span.first
            cells.extend([""] * (span.last + 1 - len(cells)))
            cells[span.first : span.last + 1] = [cells[span.first]] * count
    return found


def _are_named(
    header: Sequence[Sequence[str]], below: Sequence[SheetRow], groups: Sequence[Span]
) -> bool:
    """Tell whether the last row of the header has the names of the groups above it, and no data.

    Each column has a text, and each one of the `groups` a name, which is no value and is not there
    again below. There are several groups, or columns outside of them are named above alone, or one
    has a name above nothing but values.
    """
    names = header[-1]
    inside = [place for span in groups for place in range(span.first, span.last + 1)]
    if not below or not groups or not all(any(names[n : n + 1]) for n in inside):
        return False
    columns = list(zip_longest(*header, fillvalue=""))
    values = [_column(below, place) for place in range(len(columns))]
    if not all(map(any, columns)) or any(map(NO_NAME.fullmatch, names)):
        return False
    named = [(texts[-1], cells) for texts, cells in zip(columns, values, strict=True)]
    if any(name and name in cells for name, cells in named):
        return False
    is_above_values = any(name and _are_all(cells, NO_NAME) for name, cells in named)
    return len(groups) >= ENOUGH_GROUPS or is_above_values or any(not name for name, _ in named)


def _unmerged_groups(rows: Sequence[SheetRow]) -> list[list[str]]:
    """Return the cells of two rows that are groups of names; none if the second one may be data.

    Below each empty cell of the first one is a name, and below the names of a group are numbers
    alone.
    """
    groups, names = (list(map(str.strip, row.cells)) for row in rows[:2])
    groups += [""] * (len(names) - len(groups))
    names += [""] * (len(groups) - len(names))
    if not all(map(any, zip(groups, names, strict=True))) or any(map(NO_NAME.fullmatch, names)):
        return []
    inside = [place for place in range(1, len(names)) if _goes_on(groups, names, place)]
    if not inside or not all(_are_all(_column(rows[2:], place), NUMBER) for place in inside):
        return []
    for place in inside:
        groups[place] = groups[place - 1]
    return [groups, names]


def _goes_on(groups: Sequence[str], names: Sequence[str], place: int) -> bool:
    """Tell whether the group of the column before goes on at `place`."""
    return not groups[place] and bool(names[place] and names[place - 1] and any(groups[:place]))


def _column(rows: Sequence[SheetRow], place: int) -> list[str]:
    return [row.cells[place] for row in rows if len(row.cells) > place and row.cells[place]]


def _are_all(cells: Sequence[str], kind: re.Pattern[str]) -> bool:
    return bool(cells) and all(map(kind.fullmatch, cells))


def _of(spans: Sequence[Span], row: SheetRow) -> list[Span]:
    return [span for span in spans if span.row == row.number]
