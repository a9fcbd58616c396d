"""Where the table of a text begins, and how many rows name its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.formats.csv.detection.columns import (
    Columns,
    columns_of,
    has_numbers_as_names,
    looks_like_data,
    looks_like_names,
)
from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.metadata import names_below_values
from sources.formats.csv.detection.reading import Row
from sources.formats.csv.detection.scoring import used_columns
from sources.formats.csv.detection.uneven import (
    has_gaps_as_others,
    is_uneven_header,
    lacks_fields,
    shorter_rows,
)
from sources.formats.csv.detection.unlike import delimiter_of_names

MOST_BEFORE = 100  # rows in which the header is looked for
MOST_HEADER_ROWS = 5
AHEAD = 8
TWO = 2  # columns: a row with one filled cell is no title of them for that alone
ENOUGH_ROWS, ENOUGH_FULL = 3, 3  # rows, and columns that all of them fill
SAME = 0.9
REMARKS = ("#", "//", "-- ")
UNIT = re.compile(r"\s*(?:\[[^\]]*\]|\([^)]*\))\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a table begins, how many rows name its columns, and why.

    `place` is among the rows that were looked at, `line` in the text. `delimiter` is what parts the
    names, empty if it is what parts the fields of the other rows.
    """

    place: int
    line: int
    header_rows: int
    where: str
    why: str
    delimiter: str = ""


def find_beginning(rows: Sequence[Row], width: int, wanted: frozenset[str]) -> Beginning:
    """Return where the table of which most rows have `width` cells begins among `rows`."""
    place = _row_of_names(rows, wanted)
    if place is None:
        place, where = _first_row(rows, width, columns_of(rows, width))
        if below := names_below_values(rows, place, width):
            place, where = below, "names below keys and values"
        if found := _names_above(rows, place, width):
            return found
        header_rows, why = count_header_rows(rows, place, width)
    else:
        header_rows = 1 + _same_below(rows, place)
        where = why = "it has the names that are looked for"
    line = rows[place].line if rows else 0
    return Beginning(place=place, line=line, header_rows=header_rows, where=where, why=why)


def count_header_rows(rows: Sequence[Row], place: int, width: int) -> tuple[int, str]:
    """Return how many of the rows from `place` on name columns, and why."""
    columns = columns_of(rows[place:], width)
    if place >= len(rows):
        return 1, "there are no rows"
    row = rows[place]
    if looks_like_data(row, columns):
        return 0, "the first row holds the same as those below it"
    if lacks_fields(rows[place:], width) and not looks_like_names(row, columns):
        return 0, "the first row lacks fields, as some below it do"
    same = _same_below(rows, place)
    if same:
        return 1 + same, "the names are repeated"
    count = 1
    while count < MOST_HEADER_ROWS and _goes_on(rows, place + count, width, columns):
        count += 1
    if count > 1:
        return count, "the rows below the first hold words where the others do not"
    names = looks_like_names(row, columns)
    return 1, "it holds words where the rows below do not" if names else "taken for one"


def _names_above(rows: Sequence[Row], place: int, width: int) -> Beginning | None:
    """Return the beginning at a line of names with another delimiter, directly above the rows."""
    above = next((i for i in range(place - 1, -1, -1) if not rows[i].is_blank), None)
    mark = "" if above is None else delimiter_of_names(rows[above], width)
    if above is None or not mark:
        return None
    if looks_like_names(rows[place], columns_of(rows[place:], width)):
        return None
    why = f"{width} names with {mark!r} between them"
    where = "names above the first full row"
    line = rows[above].line
    return Beginning(place=above, line=line, header_rows=1, where=where, why=why, delimiter=mark)


def _row_of_names(rows: Sequence[Row], wanted: frozenset[str]) -> int | None:
    """Return the row with the most of the wanted names, if it has half of them.

    A table above that, whose names are some of those, is no title: its header has half of them too.
    """
    names = [frozenset(map(str.strip, row.cells)) for row in rows[:MOST_BEFORE]]
    hits = [len(wanted & each) for each in names]
    most = max(hits, default=0)
    if not most or most * 2 < len(wanted):
        return None
    last = hits.index(most)
    tables = (
        place
        for place in range(last)
        if hits[place] * 2 >= len(wanted)
        and names[place] <= names[last]
        and any(len(row.cells) == len(rows[place].cells) > 1 for row in rows[place + 1 : last])
    )
    return next(tables, last)


def _first_row(rows: Sequence[Row], width: int, columns: Columns) -> tuple[int, str]:
    """Return the first row that looks like one of the table or like its header, and why."""
    shorter = shorter_rows(rows, width)
    for place, row in enumerate(rows[:MOST_BEFORE]):
        if row.filled == 0:
            continue
        if len(row.cells) != width:
            if is_uneven_header(rows, place, width, columns):
                return place, f"names before rows of {width} fields"
            is_shorter = len(row.cells) in shorter and not row.cells[0].startswith(REMARKS)
            if is_shorter and not _are_names_below(_next_of(rows, place), width, columns):
                return place, f"rows with fewer fields are among those of {width}, too"
            if _is_longer_row(row, width, columns):
                return place, f"it has values of the columns, in more than {width} fields"
            continue
        if not _is_before(rows, place, width, columns):
            return place, f"the first full row of {width} fields"
    filled = (place for place, row in enumerate(rows) if not row.is_blank)
    return next(filled, 0), "the first row"


def _next_of(rows: Sequence[Row], place: int) -> list[Row]:
    return [row for row in rows[place + 1 :] if row.filled][:AHEAD]


def _are_names_below(following: Sequence[Row], width: int, columns: Columns) -> bool:
    """Tell whether one of the next rows holds the names of the columns."""
    return any(len(row.cells) == width and looks_like_names(row, columns) for row in following)


def _is_longer_row(row: Row, width: int, columns: Columns) -> bool:
    """Tell whether a row with fields too many is one of the table, whose columns it agrees with."""
    is_longer = len(row.cells) > width > 1
    return is_longer and bool(columns.agreements(row)) and not columns.conflicts(row)


def _is_before(rows: Sequence[Row], place: int, width: int, columns: Columns) -> bool:
    """Tell whether a row is a title or a comment, though it has as many cells as the table."""
    row = rows[place]
    following = _next_of(rows, place)
    if row.cells[0].startswith(REMARKS) and not row.quoted[0]:
        below = [row for row in following if not row.cells[0].startswith(REMARKS)]
        after = next((row for row in below if len(row.cells) == width), below[0] if below else None)
        return after is not None and not _is_marked_header(row, after, columns)
    if (
        width > 1
        and _is_prose(row)
        and sum(map(_is_prose, columns.body)) * 2 <= len(columns.body)
        and (_stands_apart(rows, place, width) or _are_names_below(following, width, columns))
    ):
        return True
    fuller = [
        other for other in following if len(other.cells) == width and other.filled > row.filled
    ]
    if width == 1 or not fuller or _is_spread(rows, place, width, columns):
        return False
    better = any(looks_like_names(other, columns) for other in fuller)
    better |= fuller[0] is following[0] and has_numbers_as_names(fuller[0], columns)
    if not better and _is_sparse_row(rows, place, width, columns):
        return False
    if row.filled == 1:
        name = row.cells[0].strip()
        is_alone = " " in name or not looks_like_data(following[0], columns)
        return width > TWO or (name != "" and is_alone)
    untold = not any(columns.kinds)
    return row.filled * 2 <= width and (better or untold or row.filled * 3 < width)


def _is_sparse_row(rows: Sequence[Row], place: int, width: int, columns: Columns) -> bool:
    """Tell whether a row with gaps has values of its columns, or the gaps that others have."""
    row = rows[place]
    if columns.agreements(row) and not columns.conflicts(row):
        return True
    may_be_one = row.filled > 1 or used_columns(rows, width) <= TWO
    return may_be_one and has_gaps_as_others(rows, place, width)


def _is_marked_header(row: Row, after: Row, columns: Columns) -> bool:
    """Tell whether a comment names the columns, but for an empty one at the end."""
    size = len(row.cells) - (not row.cells[-1].strip() and not after.cells[-1].strip())
    whole = len(row.cells) == len(after.cells) and row.filled == size > 1
    return whole and not _is_prose(row) and not looks_like_names(after, columns)


def _is_prose(row: Row) -> bool:
    """Tell whether the cells of a row are parts of a sentence."""
    return all(cell.startswith(" ") for cell in row.cells[1:]) and not any(row.quoted)


def _stands_apart(rows: Sequence[Row], place: int, width: int) -> bool:
    """Tell whether a row is parted from those of the table behind it, more than they are."""
    if place + 1 == len(rows) or len(rows[place + 1].cells) >= width:
        return False
    table = (i for i in range(place + 2, len(rows)) if len(rows[i].cells) == width)
    begin = next(table, len(rows))
    is_like = rows[place + 1].is_blank and begin + 1 < len(rows) and rows[begin + 1].is_blank
    return begin < len(rows) and not is_like


def _is_spread(rows: Sequence[Row], place: int, width: int, columns: Columns) -> bool:
    """Tell whether a row with gaps names groups of columns that the next one names singly."""
    row = rows[place]
    after = rows[place + 1] if place + 1 < len(rows) else row
    filled = [i for i, cell in enumerate(row.cells) if cell.strip()]
    return (
        len(filled) > 1
        and filled[-1] * 2 >= width
        and filled[-1] - filled[0] >= len(filled)
        and len(after.cells) == width
        and after.filled > row.filled
        and looks_like_names(after, columns)
        and not columns.agreements(row)
    )


def _same_below(rows: Sequence[Row], place: int) -> int:
    """Return how many rows directly below a header of several columns repeat it."""
    header, count = rows[place].cells, 0
    if len(header) < 2:  # noqa: PLR2004
        return 0
    for row in rows[place + 1 : place + MOST_HEADER_ROWS]:
        equal = sum(cell == name for cell, name in zip(row.cells, header, strict=False))
        if len(row.cells) != len(header) or equal < SAME * len(header):
            break
        count += 1
    return count


def _goes_on(rows: Sequence[Row], place: int, width: int, columns: Columns) -> bool:
    """Tell whether a row below a header is one more row of it: units, or single names."""
    if place >= len(rows) or len(rows[place].cells) != width or not columns.body:
        return False
    row = rows[place]
    if all(UNIT.fullmatch(cell) for cell in row.cells) and not UNIT.fullmatch(
        rows[place - 1].cells[0]
    ):
        return width > 1 and not any(UNIT.fullmatch(other.cells[0]) for other in columns.body[1:])
    if row in columns.body or columns.agreements(row):
        return False
    if _fills_gaps(rows[place - 1], row, columns) or _is_bare_above_full(row, columns):
        return True
    conflicts = len(columns.conflicts(row))
    return conflicts > 1 or (conflicts == 1 and _is_spread(rows, place - 1, width, columns))


def _is_bare_above_full(row: Row, columns: Columns) -> bool:
    """Tell whether a row has a few words, and nothing in several columns that are full below.

    Services of surveys write the choices of their questions so, behind the columns that tell who
    answered and when.
    """
    body = columns.body
    if len(body) < ENOUGH_ROWS or row.cells[0].strip() or not row.filled:
        return False
    are_words = all(kind_of(cell) in {Kind.WORDS, Kind.EMPTY} for cell in row.cells)
    bare = [i for i, cell in enumerate(row.cells) if not cell.strip()]
    full = [i for i in bare if all(other.cells[i].strip() for other in body)]
    return are_words and full[:1] == [0] and len(full) >= ENOUGH_FULL


def _fills_gaps(above: Row, row: Row, columns: Columns) -> bool:
    """Tell whether a row names the columns of groups of which each has one name in the row above.

    It has words in all gaps between the names, at most below the name before a gap besides, and
    nothing where most other rows begin.
    """
    gaps = {i for i, name in enumerate(above.cells) if not name.strip()}
    filled = {i for i, cell in enumerate(row.cells) if cell.strip()}
    before = {i - 1 for i in gaps} - gaps
    are_words = all(kind_of(row.cells[i]) is Kind.WORDS for i in filled)
    begun = sum(other.cells[0].strip() != "" for other in columns.body)
    are_begun = begun * 2 > len(columns.body)
    return bool(gaps) and gaps <= filled <= gaps | before - {0} and are_words and are_begun
