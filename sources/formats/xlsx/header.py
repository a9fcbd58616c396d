"""Which row of a sheet names the columns, and where the data begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.columns import renamed_columns, unique_names
from sources.formats.xlsx.sheet import SheetRow
from sources.gathering import MAX_COLUMNS

ROWS_MEASURED = 1000  # for the width of a sheet without header
ROWS_LOOKED_AT = 20  # for titles above the header


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns' names, whether anybody gave them, and the last row that is no data.

    `renamed`: what columns are called in the sheet whose names are empty or occur twice.
    `first_column`: so many columns before the table have no name, and nothing in them.
    """

    names: tuple[str, ...]
    named: bool
    last_row: int
    renamed: Mapping[str, str] = field(default_factory=dict)
    first_column: int = 0


def find_header(
    rows: Iterator[SheetRow], layout: FileFormat, file: str, others: Sequence[str] = ()
) -> Header:
    """Return the header at the beginning of `rows`, which have something in them.

    If there are none, the `others` are the sheets that may be meant.

    `skip_rows` counts rows of the sheet, empty ones too. Of several header rows the names that
    stand one above the other are joined with a space. Where neither `skip_rows` nor `header_rows`
    is given, single cells above a wider table are titles.
    """
    count = 1 if layout.header_rows is None else layout.header_rows
    below: Iterator[SheetRow] = (row for row in rows if row.number > (layout.skip_rows or 0))
    if layout.skip_rows is None and layout.header_rows is None:
        below = _without_titles(below)
    top = list(islice(below, count))
    last_row, first_column = top[-1].number if top else layout.skip_rows or 0, 0
    if layout.column_names:
        names: Sequence[str] = layout.column_names
    elif count:
        if not top:
            msg = f"the sheet of {file!r} is empty; it needs at least a header row"
            listed = ", ".join(map(repr, others))
            hint = f", or `source.format.sheet` the name of another one: {listed}"
            raise FormatError(msg + (hint if others else ""))
        parts = zip_longest(*(row.cells for row in top), fillvalue="")
        names = [" ".join(filter(None, map(str.strip, part))) for part in parts]
        first_column = _first_column(names, below)
        names = names[first_column:]
    else:
        width = max((len(row.cells) for row in islice(below, ROWS_MEASURED)), default=0)
        names = [""] * width
    if len(names) > MAX_COLUMNS:
        msg = f"the header of {file!r} has {len(names)} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    named, unique = bool(layout.column_names) or count > 0, unique_names(names)
    renamed = renamed_columns(names, unique) if named else {}
    return Header(
        names=unique, named=named, last_row=last_row, renamed=renamed, first_column=first_column
    )


def _first_column(names: Sequence[str], below: Iterator[SheetRow]) -> int:
    """Return how many columns at the beginning have no name, and nothing in the rows `below`."""
    count = next((place for place, name in enumerate(names) if name), 0)
    for row in islice(below, ROWS_MEASURED if count else 0):
        filled = (place for place, cell in enumerate(row.cells) if cell)
        count = min(count, next(filled, count), *row.errors, *row.uncomputed)
    return count


def _without_titles(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    """Yield the rows behind those with a single cell, if most of them have more."""
    first = list(islice(rows, ROWS_LOOKED_AT))
    wide = [sum(cell != "" for cell in row.cells) > 1 for row in first]
    begin = wide.index(True) if True in wide else 0
    table = wide[begin:]
    is_table = len(table) > 1 and sum(table) * 2 > len(table)
    yield from first[begin if is_table else 0 :]
    yield from rows
