"""Tables that are drawn: columns that stand below each other, frames, spaces around cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.polluted.sheets import Cells, Sheet, UnfitError


def padded(sheet: Sheet) -> Sheet:
    """Fill up every cell with spaces to twelve characters."""
    return _drawn(sheet, sheet.way.delimiter, [12] * sheet.table.width, is_given=True)


def spaced(sheet: Sheet) -> Sheet:
    """Put spaces around every delimiter."""
    return _drawn(sheet, f" {sheet.way.delimiter} ", [0] * sheet.table.width, is_given=True)


def fixed(sheet: Sheet) -> Sheet:
    """Fill up the cells of a column to one width, spaces between - their borders are guessed."""
    if any("  " in cell for row in sheet.table.rows for cell in row):
        raise UnfitError
    drawn = _drawn(sheet, "  ", _widths(sheet))
    return replace(drawn, lines=tuple(line.rstrip() for line in drawn.lines))


def fixed_by_bars(sheet: Sheet) -> Sheet:
    """Fill up the cells of a column to one width, with a bar between."""
    return _drawn(sheet, "|", _widths(sheet))


def markdown(sheet: Sheet) -> Sheet:
    """Draw the table as Markdown."""
    drawn = _drawn(sheet, " | ", [0] * sheet.table.width)
    lines = [f"| {line} |" for line in drawn.lines]
    lines.insert(1, "|" + "---|" * sheet.table.width)
    return replace(drawn, lines=tuple(lines))


def of_psql(sheet: Sheet) -> Sheet:
    """Draw the table as PostgreSQL's shell does, with its count below."""
    widths = _widths(sheet)
    drawn = _drawn(sheet, " | ", widths)
    lines = [f" {line}" for line in drawn.lines]
    lines.insert(1, "-" + "-+-".join("-" * width for width in widths) + "-")
    return replace(drawn, lines=tuple(lines), below=(f"({len(sheet.table.rows)} rows)",))


def of_mysql(sheet: Sheet) -> Sheet:
    """Draw the table as MySQL's shell does, in a frame."""
    widths = _widths(sheet)
    drawn = _drawn(sheet, " | ", widths)
    frame = "+-" + "-+-".join("-" * width for width in widths) + "-+"
    lines = [f"| {line} |" for line in drawn.lines]
    return replace(drawn, lines=(frame, lines[0], frame, *lines[1:], frame))


def _drawn(sheet: Sheet, between: str, widths: Sequence[int], *, is_given: bool = False) -> Sheet:
    """Return the sheet with cells as they are, filled up to widths; raise `UnfitError` if odd."""
    records = (sheet.table.header, *sheet.table.rows)
    marks = ("\n", between.strip() or "\n", '"')
    if any(mark in cell for cells in records for cell in cells for mark in marks):
        raise UnfitError
    lines = tuple(_line(cells, between, widths) for cells in records)
    return replace(sheet, lines=lines, trimmed=True, is_given=is_given)


def _line(cells: Cells, between: str, widths: Sequence[int]) -> str:
    return between.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))


def _widths(sheet: Sheet) -> list[int]:
    """Return the length of the longest cell of each column."""
    records = (sheet.table.header, *sheet.table.rows)
    return [max(map(len, column)) for column in zip(*records, strict=True)]
