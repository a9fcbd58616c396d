"""Quotes where they should not be, or around what they should not be around."""

from __future__ import annotations

import re
from dataclasses import replace

from benchmarks.polluted.pollutions.marks import ANY
from benchmarks.polluted.sheets import NUMBER, Sheet, UnfitError

LONG = 5


def at_the_beginning(sheet: Sheet) -> Sheet:
    """Put a quote before the last cell of one row, which is never closed."""
    cells = _plain_row(sheet)
    return _bare(sheet, (*cells[:-1], f'"{cells[-1]}'))


def in_the_midst(sheet: Sheet) -> Sheet:
    """Put a quote into a cell of one row."""
    cells = list(_plain_row(sheet))
    place = 1 if len(cells) > 2 else 0  # noqa: PLR2004
    if len(cells[place]) < 3:  # noqa: PLR2004
        raise UnfitError
    cells[place] = f'{cells[place][:2]}"{cells[place][2:]}'
    return _bare(sheet, tuple(cells))


def inches(sheet: Sheet) -> Sheet:
    """Put inches, with a quote behind their number, into a cell of one row."""
    cells = list(_plain_row(sheet))
    cells[1 if len(cells) > 2 else 0] = '5" pipe'  # noqa: PLR2004
    return _bare(sheet, tuple(cells))


def pair_inside(sheet: Sheet) -> Sheet:
    """Put two quotes that are not escaped into a quoted field of one row."""
    cells, way = list(sheet.row), sheet.way
    found = (
        place
        for place, cell in enumerate(cells)
        if len(cell) > LONG and not NUMBER.fullmatch(cell) and '"' not in cell and "\n" not in cell
    )
    place = next(found, None)
    if place is None:
        raise UnfitError
    cell = cells[place]
    cells[place] = f'{cell[:2]}"{cell[2:4]}"{cell[4:]}'
    if f'"{way.delimiter}' in cells[place]:
        raise UnfitError
    fields = [f'"{each}"' if i == place else way.field(each) for i, each in enumerate(cells)]
    return sheet.with_row(way.delimiter.join(fields), tuple(cells))


def never_closed(sheet: Sheet) -> Sheet:
    """Leave out the closing quote of one quoted field - where it ends, nobody knows for sure."""
    cells = _plain_row(sheet)
    line = sheet.way.delimiter.join((f'"{cells[0]}', *cells[1:]))
    return sheet.with_row(line)


def whole_row_quoted(sheet: Sheet) -> Sheet:
    """Quote every field of one row, though not of the others."""
    return sheet.with_row(replace(sheet.way, quoted=ANY).line(sheet.row))


def line_quoted(sheet: Sheet) -> Sheet:
    """Put one whole line into quotes, with its quotes doubled."""
    return sheet.with_row(sheet.way.in_quotes(sheet.lines[sheet.place]))


def lines_quoted(sheet: Sheet) -> Sheet:
    """Put every line into quotes, with its quotes doubled."""
    return replace(sheet, lines=tuple(map(sheet.way.in_quotes, sheet.lines)))


def line_break(sheet: Sheet) -> Sheet:
    """Put a line end into a quoted field of one row."""
    cells = list(sheet.row)
    place = next((i for i, cell in enumerate(cells) if " " in cell and '"' not in cell), None)
    if place is None:
        raise UnfitError
    cells[place] = cells[place].replace(" ", "\n", 1)
    return sheet.with_row(sheet.way.line(cells), tuple(cells))


def space_before_one(sheet: Sheet) -> Sheet:
    """Put a space before the first quote of one row in which all fields are quoted."""
    line = replace(sheet.way, quoted=ANY).line(sheet.row)
    return sheet.with_row(f" {line}")


def space_before_each(sheet: Sheet) -> Sheet:
    """Put a space before the first quote of every line, in which all fields are quoted."""
    lines = (f" {line}" for line in sheet.written(quoted=ANY).lines)
    return replace(sheet, lines=tuple(lines))


def spaces_around(sheet: Sheet) -> Sheet:
    """Put spaces around every delimiter between quoted fields."""
    way = replace(sheet.way, quoted=ANY)
    lines = [
        f" {way.delimiter} ".join(map(way.field, cells))
        for cells in (sheet.table.header, *sheet.table.rows)
    ]
    return replace(sheet, lines=tuple(lines))


def _plain_row(sheet: Sheet) -> tuple[str, ...]:
    """Return the row in the midst, if it needs no quotes and its last cell is filled."""
    cells, way = sheet.row, sheet.way
    if way.line(cells) != way.delimiter.join(cells) or not cells[-1] or not cells[0]:
        raise UnfitError
    if re.search(r"[\"']", way.line(cells)):
        raise UnfitError
    return cells


def _bare(sheet: Sheet, cells: tuple[str, ...]) -> Sheet:
    """Return the sheet with a row whose cells stand there as they are."""
    return sheet.with_row(sheet.way.delimiter.join(cells), cells)
