r"""One column below a single name, whose values hold a mark that might part fields.

Account numbers, keys and paths (`DE89 3704 0044`, `user:1`, `C:\data`) are alike in all rows, and
so look like a table below a title. They are none where the mark is one that values have in them,
and the first of those rows does not name columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from sources.formats.csv.detection.columns import (
    are_words_of_no_row,
    columns_of,
    looks_like_names,
)
from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.reading import Row
from sources.formats.csv.detection.scoring import Attempt

NAME = re.compile(r"\w[\w .()/%-]*")
PARTING = re.compile(r"[,;\t|~^§¦¬\x01-\x1f]")  # values hardly ever have one
TWO = 2  # parts that a pair has: of coordinates, of a key behind its kind
PAIR_MARKS = frozenset({", ", "; "})
KIND_OF_KEY, GROUP = re.compile(r"[^\W\d][\w-]*"), re.compile(r"[(+]?\w+(?:-\w+)*\)?")


def is_named_column(made: Attempt) -> bool:
    """Tell whether the rows below the first, which is a single name, are values of one column."""
    place = next((place for place, row in enumerate(made.rows) if not row.is_blank), 0)
    below = made.rows[place + 1 :]
    if not below or below[0].is_blank or not _is_single_name(made.rows[place], made):
        return False
    values = [row for row in below if not row.is_blank]
    if any(len(row.cells) != made.width or any(row.quoted) for row in values):
        return False
    return _may_be_inside(made.marks.delimiter, values) and not _are_names(values)


def _is_single_name(row: Row, made: Attempt) -> bool:
    """Tell whether a row is one cell of words, or far fewer words than others have parts."""
    name = made.marks.delimiter.join(row.cells)
    is_word = NAME.fullmatch(name) is not None and kind_of(name) is Kind.WORDS
    return is_word and (len(row.cells) == 1 or len(row.cells) < made.width - 1)


def _are_names(rows: Sequence[Row]) -> bool:
    """Tell whether the first row names the columns of the others, below a title."""
    first, others = rows[0], columns_of(rows[1:], len(rows[0].cells))
    pairs = (zip(first.cells, row.cells, strict=True) for row in rows[1:])
    if any(cell == other for row in pairs for cell, other in row):
        return False
    return looks_like_names(first, others) or are_words_of_no_row(first, others)


def _may_be_inside(mark: str, rows: Sequence[Row]) -> bool:
    """Tell whether values may have `mark` in them at the places at which it cuts `rows`.

    Spaces may part a table of numbers, too, or one of three columns, a comma with a space one of
    numbers, and `|` any: only pairs of these are values, the last if the first kind comes again.
    """
    if mark == " ":
        return _are_groups(rows) or _have_a_mark_between(rows) or _are_pairs_with_a_word(rows)
    if mark in PAIR_MARKS:
        return len(rows[0].cells) == TWO
    if mark == "|":
        kinds = [row.cells[0] for row in rows]
        are_kinds = all(map(KIND_OF_KEY.fullmatch, kinds))
        return len(rows[0].cells) == TWO and are_kinds and kinds[0] in kinds[1:]
    return PARTING.search(mark) is None


def _are_groups(rows: Sequence[Row]) -> bool:
    """Tell whether rows are groups of letters and digits; only the last may differ in length."""
    columns = list(zip(*(row.cells for row in rows), strict=True))
    are_even = all(len({*map(len, cells)}) == 1 for cells in columns[:-1])
    are_long = all(len(cell) > 1 for cells in columns[1:] for cell in cells)
    return are_even and are_long and all(map(GROUP.fullmatch, chain(*columns)))


def _have_a_mark_between(rows: Sequence[Row]) -> bool:
    """Tell whether the same letter or mark stands between other parts in all rows: `98 x 35`."""
    columns = list(zip(*(row.cells for row in rows), strict=True))
    return any(len({*cells}) == len(cells[0]) == 1 for cells in columns[1:-1])


def _are_pairs_with_a_word(rows: Sequence[Row]) -> bool:
    """Tell whether of two parts one is a word in all rows: a unit (`7.5 kg`), or `Room 12`."""
    parts = list(zip(*(row.cells for row in rows), strict=True))
    return len(parts) == TWO and any(
        all(kind_of(cell) is Kind.WORDS for cell in cells) for cells in parts
    )
