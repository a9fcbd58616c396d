"""What the columns of a table hold, and whether a row looks like one of its rows or like names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.number_names import are_names
from sources.formats.csv.detection.reading import Row
from sources.formats.csv.detection.texts import is_one_of_texts

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 60, 500, 10_000
ENOUGH_ROWS = 5
ENOUGH_NAMES = 3
HEADER_ROWS = 4  # so many rows of a long table are not asked what the columns hold
MOST_OF = 0.85
NUMBERED = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)* \d")
RUN = re.compile(r"[^\W\d_]+|\d+")
OTHER_QUOTES = "'\""  # around the cells of a row that is written unlike the others
OF_NO_NAME = frozenset({Kind.ADDRESS, Kind.CODE, Kind.DATE, Kind.TIME, Kind.MOMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What the cells of a column have in common: their kind, if any, and that none is empty."""

    kind: Kind | None
    is_full: bool

    def suits(self, cell: str) -> int:
        """Return 1 for a cell that is like those of the column, -1 for one that is unlike them."""
        return self.likes(kind_in(cell))

    def likes(self, kind: Kind) -> int:
        """Return how a cell of this kind suits."""
        if kind is Kind.EMPTY:
            return -int(self.is_full)
        return 0 if self.kind is None else 1 if kind is self.kind else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The rows of a table behind its header, what each column holds, and how its codes look.

    A kind is None, a shape empty, where the cells differ or are mere words.
    """

    body: Sequence[Row]
    kinds: Sequence[Kind | None]
    shapes: Sequence[str]

    @property
    def traits(self) -> tuple[Trait, ...]:
        """Return what the cells of each column have in common, nothing if the rows are few."""
        if len(self.body) < ENOUGH_ROWS:
            return ()
        return tuple(
            Trait(kind=kind, is_full=all(row.cells[i].strip() for row in self.body))
            for i, kind in enumerate(self.kinds)
        )

    def agreements(self, row: Row) -> list[int]:
        """Return the columns of which `row` has a cell of the same kind."""
        return [i for i, kind, cell in self._told(row) if kind_in(cell) is kind] + [
            i
            for i, (shape, cell) in enumerate(zip(self.shapes, row.cells, strict=False))
            if shape and _shape(cell) == shape and not self._is_numbered_name(i, cell)
        ]

    def conflicts(self, row: Row) -> list[int]:
        """Return the columns of which `row` has a cell of another kind."""
        return [i for i, kind, cell in self._told(row) if kind_in(cell) is not kind]

    def repeats(self, row: Row) -> int:
        """Return how many words of `row` stand in their columns again, in rows that are unlike.

        A like row may be the header of a like table, or the header once more.
        """
        others = [other.cells for other in self.others(row)]
        return sum(
            kind is None and cell.strip() != "" and any(cell == cells[i] for cells in others)
            for i, (kind, cell) in enumerate(zip(self.kinds, row.cells, strict=False))
        )

    def others(self, row: Row) -> list[Row]:
        """Return the rows that do not have most of the cells of `row`."""
        return [other for other in self.body if not _are_alike(other, row)]

    def _is_numbered_name(self, place: int, cell: str) -> bool:
        """Tell whether a cell is a name such as `Address 2`: no other begins with its word."""
        word = cell.partition(" ")[0] + " "
        is_numbered = NUMBERED.fullmatch(cell.strip()) is not None
        return is_numbered and not any(row.cells[place].startswith(word) for row in self.body)

    def _told(self, row: Row) -> list[tuple[int, Kind, str]]:
        return [
            (i, kind, cell)
            for i, (kind, cell) in enumerate(zip(self.kinds, row.cells, strict=False))
            if kind is not None and kind_in(cell) is not Kind.EMPTY
        ]


def columns_of(rows: Sequence[Row], width: int) -> Columns:
    """Return what the columns hold of the table to which those of `rows` belong that fit."""
    fitting = _first_table(rows, width)
    body = fitting[min(HEADER_ROWS, len(fitting) // 2) :][
        : max(ENOUGH_ROWS, min(MOST_ROWS, MOST_CELLS // width))
    ]
    judged = range(min(width, MOST_COLUMNS) if body else 0)
    columns = [[row.cells[i] for row in body] for i in judged]
    kinds = [_kind(cells) for cells in columns]
    shapes = [
        "" if kind else _common_shape(cells) for kind, cells in zip(kinds, columns, strict=True)
    ]
    return Columns(body=body, kinds=kinds, shapes=shapes)


def traits_of(rows: Sequence[Row], width: int) -> tuple[Trait, ...]:
    """Return what the cells of each column have in common, nothing if the rows are few.

    Where most rows have more cells than there are columns, since texts with delimiters are not in
    quotes, what is before those texts tells, and what is behind them.
    """
    if traits := columns_of(rows, width).traits:
        return traits
    wide = [row.cells for row in rows if len(row.cells) >= width][:MOST_ROWS]
    if len(wide) < ENOUGH_ROWS or width > MOST_COLUMNS or len(wide) * 2 < len(rows):
        return ()
    return tuple(
        _told_from_both_ends([cells[i] for cells in wide], [cells[i - width] for cells in wide])
        for i in range(width)
    )


def looks_like_data(row: Row, columns: Columns) -> bool:
    """Tell whether `row` is one more row of the table, and surely not the names of its columns."""
    if not columns.body or columns.conflicts(row):
        return False
    agreements, repeats = columns.agreements(row), columns.repeats(row)
    is_sure = any(kind_of(row.cells[i]) in OF_NO_NAME for i in agreements)
    if _names_nothing_first(row, columns) and not is_sure:
        return False
    if not agreements:
        return repeats > 1 or is_one_of_texts(row, columns.others(row), repeats)
    if not repeats and are_names(row.cells, agreements, [other.cells for other in columns.body]):
        return False
    is_all = len(row.cells) > 1 and len(agreements) == row.filled
    return is_sure or is_all or len(agreements) + repeats > 1 or len(columns.body) > 1


def looks_like_names(row: Row, columns: Columns) -> bool:
    """Tell whether `row` holds words where the rows of the table hold something else."""
    return bool(columns.conflicts(row)) and not columns.agreements(row)


def has_numbers_as_names(row: Row, columns: Columns) -> bool:
    """Tell whether numbers in `row` name columns of numbers, as years do, beside words."""
    agreements = columns.agreements(row)
    below = [other.cells for other in columns.body]
    is_named = kind_in(row.cells[0]) is Kind.WORDS and not columns.conflicts(row)
    return is_named and bool(agreements) and are_names(row.cells, agreements, below)


def are_words_of_no_row(row: Row, columns: Columns) -> bool:
    """Tell whether each cell of `row` is another word, and none stands in its column again."""
    are_words = all(kind_in(cell) is Kind.WORDS for cell in row.cells)
    is_distinct = len(set(row.cells)) == len(row.cells) >= ENOUGH_NAMES
    return (
        are_words
        and is_distinct
        and len(columns.body) >= ENOUGH_ROWS
        and not any(
            cell == name
            for other in columns.body
            for cell, name in zip(other.cells, row.cells, strict=False)
        )
    )


def _first_table(rows: Sequence[Row], width: int) -> list[Row]:
    """Return the rows that fit, up to the first gap behind some of them."""
    fitting: list[Row] = []
    for row in rows:
        if len(row.cells) == width and not row.is_blank and (row.filled > 1 or width == 1):
            fitting.append(row)
        elif row.filled == 0 and len(fitting) > ENOUGH_ROWS:
            break
    if not fitting:  # only one column holds anything
        return [row for row in rows if len(row.cells) == width and row.filled]
    return fitting


def _kind(cells: Sequence[str]) -> Kind | None:
    counts = Counter(kind_in(cell) for cell in cells)
    del counts[Kind.EMPTY]
    if not counts:
        return None
    kind, count = counts.most_common(1)[0]
    return kind if kind is not Kind.WORDS and count >= MOST_OF * counts.total() else None


def _told_from_both_ends(lefts: Sequence[str], rights: Sequence[str]) -> Trait:
    left, right = _kind(lefts), _kind(rights)
    cells = lefts if left or not right else rights
    return Trait(kind=left or right, is_full=all(map(str.strip, cells)))


def _common_shape(cells: Sequence[str]) -> str:
    """Return the shape that all `cells` have, if it is that of a code.

    That is of letters with digits, or of several numbers with marks between, as telephones have.
    """
    shapes = {_shape(cell) for cell in cells}
    shape = shapes.pop() if len(shapes) == 1 and len(cells) > 1 else ""
    return shape if "9" in shape and ("a" in shape or shape.count("9") > 1) else ""


def _are_alike(row: Row, other: Row) -> bool:
    same = sum(cell == name for cell, name in zip(row.cells, other.cells, strict=False))
    return same * 2 > len(other.cells)


def kind_in(cell: str) -> Kind:
    """Return what a cell holds, perhaps in quotes of the other kind."""
    return kind_of(cell.strip(OTHER_QUOTES))


def _shape(cell: str) -> str:
    return RUN.sub(lambda run: "9" if run.group()[0].isdigit() else "a", cell)


def _names_nothing_first(row: Row, columns: Columns) -> bool:
    """Tell whether `row` begins with an empty cell, as a header above names of rows does."""
    first = row.cells[0].strip() == "" and len(row.cells) > 1
    return first and all(other.cells[0].strip() for other in columns.body)
