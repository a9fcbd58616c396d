"""Which row of a sheet names the columns, and where the data begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import NoReturn

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.columns import renamed_columns, unique_names
from sources.formats.xlsx.above import ROWS_LOOKED_AT, are_grouped, grouped_names, without_titles
from sources.formats.xlsx.sheet import SheetRow
from sources.gathering import MAX_COLUMNS

ROWS_MEASURED = 1000  # for the width of a sheet without header


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns' names, whether anybody gave them, and the last row that is no data.

    `renamed`: what columns are called in the sheet whose names are empty or occur twice.
    `first_column`: so many columns before the table have no name, and nothing in them.
    `has_groups`: the names are in two rows, though nobody said so.
    """

    names: tuple[str, ...]
    named: bool
    last_row: int
    renamed: Mapping[str, str] = field(default_factory=dict)
    first_column: int = 0
    has_groups: bool = False


def find_header(
    rows: Iterator[SheetRow], layout: FileFormat, file: str, others: Sequence[str] = ()
) -> Header:
    """Return the header at the beginning of `rows`, which have something in them.

    If there are none, the `others` are the sheets that may be meant.

    `skip_rows` counts rows of the sheet, empty ones too. Of several header rows the names that
    stand one above the other are joined with a space. Where neither `skip_rows` nor `header_rows`
    is given, what stands above a wider table is titles, and two rows are meant where one has groups
    of the names in the other.
    """
    top, below, has_groups = _parted(rows, layout)
    last_row, first_column = top[-1].number if top else layout.skip_rows or 0, 0
    if layout.column_names:
        names: Sequence[str] = layout.column_names
    elif layout.header_rows != 0:
        if not top:
            _refuse_empty(file, others)
        names = _joined(top, has_groups=has_groups)
        first_column = _first_column(names, below)
        names = names[first_column:]
    else:
        width = max((len(row.cells) for row in islice(below, ROWS_MEASURED)), default=0)
        names = [""] * width
    if len(names) > MAX_COLUMNS:
        msg = f"the header of {file!r} has {len(names)} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    named, unique = bool(layout.column_names) or layout.header_rows != 0, unique_names(names)
    renamed = renamed_columns(names, unique) if named else {}
    return Header(
        names=unique,
        named=named,
        last_row=last_row,
        renamed=renamed,
        first_column=first_column,
        has_groups=has_groups,
    )


def _parted(
    rows: Iterator[SheetRow], layout: FileFormat
) -> tuple[list[SheetRow], Iterator[SheetRow], bool]:
    """Return the rows of the header, those below, and whether one has groups unsaid."""
    count, has_groups = 1 if layout.header_rows is None else layout.header_rows, False
    below: Iterator[SheetRow] = (row for row in rows if row.number > (layout.skip_rows or 0))
    if layout.skip_rows is None and layout.header_rows is None:
        first = without_titles(list(islice(below, ROWS_LOOKED_AT)))
        has_groups = not layout.column_names and are_grouped(first)
        below = chain(first, below)
    return list(islice(below, count + has_groups)), below, has_groups


def _joined(top: Sequence[SheetRow], *, has_groups: bool) -> list[str]:
    """Return the names of the columns from the rows of the header."""
    rows = grouped_names(*top) if has_groups else [row.cells for row in top]
    parts = zip_longest(*rows, fillvalue="")
    return [" ".join(filter(None, map(str.strip, part))) for part in parts]


def _refuse_empty(file: str, others: Sequence[str]) -> NoReturn:
    msg = f"the sheet of {file!r} is empty; it needs at least a header row"
    listed = ", ".join(map(repr, others))
    hint = f", or `source.format.sheet` the name of another one: {listed}"
    raise FormatError(msg + (hint if others else ""))


def _first_column(names: Sequence[str], below: Iterator[SheetRow]) -> int:
    """Return how many columns at the beginning have no name, and nothing in the rows `below`."""
    count = next((place for place, name in enumerate(names) if name), 0)
    for row in islice(below, ROWS_MEASURED if count else 0):
        filled = (place for place, cell in enumerate(row.cells) if cell)
        count = min(count, next(filled, count), *row.errors, *row.uncomputed)
    return count
