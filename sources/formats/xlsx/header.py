"""Which row of a sheet names the columns, and where the data begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.columns import renamed_columns, unique_names
from sources.formats.xlsx.above import ROWS_LOOKED_AT, without_titles
from sources.formats.xlsx.first_row import is_data
from sources.formats.xlsx.groups import grouped_header, joined_header
from sources.formats.xlsx.merged import MergedIn
from sources.formats.xlsx.sheet import SheetRow
from sources.gathering import MAX_COLUMNS

ROWS_MEASURED = 1000  # for the width of a sheet without header


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns' names, whether anybody gave them, and the last row that is no data.

    `renamed`: what columns are called in the sheet whose names are empty or occur twice.
    `first_column`: so many columns before the table have no name, and nothing in them.
    `group_rows` are so many above the names; `is_missing`: there are none, though nobody said so.
    `gap`: the first column of the sheet, from 1, that has no name and nothing in it, though others
    behind it have; 0 for none.
    """

    names: tuple[str, ...]
    named: bool
    last_row: int
    renamed: Mapping[str, str] = field(default_factory=dict)
    first_column: int = 0
    group_rows: int = 0
    is_missing: bool = False
    gap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Below:
    """What is seen in the first rows below a header: columns with something in them, and widths."""

    filled: frozenset[int] = frozenset()
    usual: int = 0
    widest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The rows of a header, and those below it.

    `cells` has the texts of each row of the header, `before` is the number of the last row above;
    `is_missing`: there is no header, though nobody said so.
    """

    top: Sequence[SheetRow]
    cells: Sequence[Sequence[str]]
    below: Iterator[SheetRow]
    before: int
    group_rows: int = 0
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderTerms:
    """What is known of a header before it is looked for.

    `others` are the sheets that may be meant if this one is empty, `wanted` the names that somebody
    looks for; `merged_in` tells which cells of rows are merged.
    """

    layout: FileFormat
    file: str
    others: Sequence[str] = ()
    wanted: frozenset[str] = frozenset()
    merged_in: MergedIn = lambda _: []


def find_header(rows: Iterator[SheetRow], terms: HeaderTerms) -> Header:
    """Return the header at the beginning of `rows`, which have something in them.

    `skip_rows` counts rows of the sheet, empty ones too. Of several header rows the names that
    stand one above the other are joined with a space, equal ones once; one in a merged cell stands
    above all columns of it. Where neither `skip_rows` nor `header_rows` is given, what stands above
    a wider table is titles, several rows are meant where they have groups of the names in the last
    one (which are titles too, if the wanted names are without them), and none where the first one
    is data.
    """
    counted, layout, file = _Counted(rows), terms.layout, terms.file
    parts = _parted(counted.each(), terms)
    top = parts.top
    found = _joined(parts.cells)
    seen = _Below() if all(found) and found and not layout.column_names else _seen(parts.below)
    if not top and not seen.widest:
        _refuse_empty(counted.last, terms)
    _check_height(top, layout, file)
    names, first_column = _named(found, seen, layout, file)
    is_named, unique = not parts.is_missing and layout.header_rows != 0, unique_names(names)
    named = bool(layout.column_names) or is_named
    return Header(
        names=unique,
        named=named,
        last_row=top[-1].number if top else parts.before,
        renamed=renamed_columns(names, unique) if named else {},
        first_column=first_column,
        group_rows=parts.group_rows,
        is_missing=parts.is_missing,
        gap=0 if layout.column_names else _gap(found, seen, first_column),
    )


def _named(
    found: Sequence[str], seen: _Below, layout: FileFormat, file: str
) -> tuple[Sequence[str], int]:
    """Return the names, and how many columns are before those; raise `FormatError` for too many."""
    if layout.column_names:
        first_column = _first_given(layout.column_names, found, seen, file)
        names: Sequence[str] = layout.column_names
    else:
        first_column = min(_leading(found), min(seen.filled, default=len(found)))
        names = found[first_column:] or [""] * seen.widest
    if len(names) > MAX_COLUMNS:
        msg = f"the header of {file!r} has {len(names)} columns; at most {MAX_COLUMNS} work"
        raise FormatError(msg)
    return names, first_column


def told_of_header(header: Header) -> dict[str, str]:
    """Return what the evidence tells of the header: where it ends, and what is unusual about it."""
    found = {"data_after_row": str(header.last_row)}
    if header.group_rows:
        rows = "two rows" if header.group_rows == 1 else "several rows"
        found["header"] = f"{rows}: groups of names above the names"
    if header.is_missing:
        found["header"] = "none: the first row holds the same as those below it"
    if header.first_column:
        found["columns_before"] = f"{header.first_column} without name, nothing in them"
    return found


class _Counted:
    """The rows of a sheet, of which the last number that was seen is kept."""

    def __init__(self, rows: Iterator[SheetRow]) -> None:
        self.last = 0
        self._rows = rows

    def each(self) -> Iterator[SheetRow]:
        """Yield the rows."""
        for row in self._rows:
            self.last = row.number
            yield row


def _parted(rows: Iterator[SheetRow], terms: HeaderTerms) -> _Parts:
    """Return the rows of the header and those below."""
    layout = terms.layout
    skipped, count = layout.skip_rows or 0, 1 if layout.header_rows is None else layout.header_rows
    below: Iterator[SheetRow] = (row for row in rows if row.number > skipped)
    if layout.skip_rows is not None or layout.header_rows is not None:
        top = list(islice(below, count))
        cells = joined_header(top, terms.merged_in)
        return _Parts(top=top, cells=cells, below=below, before=skipped)
    first = without_titles(list(islice(below, ROWS_LOOKED_AT)))
    below = chain(first, below)
    if is_data(first, terms.wanted):
        before = first[0].number - 1
        return _Parts(top=(), cells=(), below=below, before=before, is_missing=True)
    cells = [] if layout.column_names else grouped_header(first, terms.merged_in)
    top = list(islice(below, max(count, len(cells))))
    if (
        cells
        and terms.wanted.intersection(cells[-1])
        and not terms.wanted.intersection(_joined(cells))
    ):
        cells = cells[-1:]
    names, group_rows = cells or [row.cells for row in top], max(0, len(cells) - 1)
    return _Parts(top=top, cells=names, below=below, before=skipped, group_rows=group_rows)


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of the columns from the rows of the header."""
    parts = zip_longest(*rows, fillvalue="")
    return [" ".join(dict.fromkeys(filter(None, map(str.strip, part)))) for part in parts]


def _refuse_empty(last: int, terms: HeaderTerms) -> None:
    """Raise `FormatError` if there should be rows, of which the `last` one was left out, if any."""
    layout, file = terms.layout, terms.file
    if last and layout.skip_rows:
        msg = (
            f"the sheet of {file!r} has {last} rows, and 'skip_rows' leaves out the first "
            f"{layout.skip_rows}; give a smaller 'skip_rows'"
        )
        raise FormatError(msg)
    if layout.header_rows != 0 and not layout.column_names:
        msg = f"the sheet of {file!r} is empty; it needs at least a header row"
        listed = ", ".join(map(repr, terms.others))
        hint = f", or `source.format.sheet` the name of another one: {listed}"
        raise FormatError(msg + (hint if terms.others else ""))


def _check_height(top: Sequence[SheetRow], layout: FileFormat, file: str) -> None:
    """Raise `FormatError` if the sheet has fewer rows than its header should have."""
    if top and len(top) < (layout.header_rows or 0):
        behind = f" behind the {layout.skip_rows} skipped ones" if layout.skip_rows else ""
        msg = (
            f"the sheet of {file!r} has {len(top)} rows{behind} where the header should have "
            f"{layout.header_rows}; give a smaller 'header_rows'"
        )
        raise FormatError(msg)


def _seen(below: Iterator[SheetRow]) -> _Below:
    """Return what is in the first rows below a header."""
    filled: set[int] = set()
    widths: Counter[int] = Counter()
    for row in islice(below, ROWS_MEASURED):
        places = {place for place, cell in enumerate(row.cells) if cell}
        places.update(row.errors, row.uncomputed)
        filled |= places
        widths[max(len(row.cells), max(places, default=-1) + 1)] += 1
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    return _Below(filled=frozenset(filled), usual=usual, widest=max(widths, default=0))


def _leading(names: Sequence[str]) -> int:
    """Return how many names at the beginning are empty."""
    return next((place for place, name in enumerate(names) if name), 0)


def _gap(names: Sequence[str], seen: _Below, first: int) -> int:
    """Return the first column from 1 that parts others with names; 0 if there is none."""
    last = max((place for place, name in enumerate(names) if name), default=0)
    inside = range(first, last)
    empty = (place for place in inside if not names[place] and place not in seen.filled)
    return next((place + 1 for place in empty), 0)


def _first_given(given: Sequence[str], names: Sequence[str], seen: _Below, file: str) -> int:
    """Return how many columns before those that are `given` names are none of the table.

    The names are as many as the header has, or as rows have. Columns before them with nothing in
    them may be named too; and where there is no header so may be columns behind them, since a sheet
    does not hold the empty cells at the end of a row. Raise `FormatError` if there are other names.
    """
    least = len(names) or seen.usual
    most, count = max(least, seen.widest), len(given)
    empty = min(_leading(names) if names else least, min(seen.filled, default=least))
    if not most or (count != least and least - empty <= count <= most - empty):
        return empty
    if least <= count <= most:
        return 0
    if count > most and not names:
        return empty
    width = (least if count < least else most) - empty
    msg = f"'column_names' has {count} names, but {file!r} has {width} columns; name each of them"
    raise FormatError(msg)
