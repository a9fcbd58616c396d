"""What stands above a table, and what stands below it."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.polluted.sheets import Sheet, UnfitError

COMMENTS = ("# exported from the warehouse", "# by admin, 2026-05-01")
NOTE = "Source: national office of statistics"


def above(sheet: Sheet, *lines: str) -> Sheet:
    """Put lines above the header; `§` stands for the delimiter."""
    return replace(sheet, above=tuple(_delimited(sheet, line) for line in lines))


def padded_title(sheet: Sheet) -> Sheet:
    """Put a title above, in a line of as many fields as the table has."""
    return above(sheet, "Monthly report of the northern region" + "§" * (sheet.table.width - 1))


def comments(sheet: Sheet) -> Sheet:
    """Put remarks with # above."""
    if any(line.startswith("#") for line in sheet.lines):
        raise UnfitError
    return above(sheet, *COMMENTS)


def declaration(sheet: Sheet) -> Sheet:
    """Put the line above that tells Excel the delimiter."""
    return above(sheet, "sep=§")


def empty_cells_above(sheet: Sheet) -> Sheet:
    """Put a row of empty cells above."""
    return above(sheet, "§" * (sheet.table.width - 1))


def below(sheet: Sheet, *lines: str) -> Sheet:
    """Put lines below the last row; `§` stands for the delimiter."""
    return replace(sheet, below=tuple(_delimited(sheet, line) for line in lines))


def padded_note(sheet: Sheet) -> Sheet:
    """Put a row of empty cells and a note below, as spreadsheets write a gap and a note."""
    behind = "§" * (sheet.table.width - 1)
    return below(sheet, behind, NOTE + behind)


def total(sheet: Sheet) -> Sheet:
    """Put a row below that begins with Total and is empty - a row as well as a note."""
    return below(sheet, "Total" + "§" * (sheet.table.width - 1))


def empty_cells_below(sheet: Sheet) -> Sheet:
    """Put two rows of empty cells below - they may be rows."""
    line = "§" * (sheet.table.width - 1)
    return below(sheet, line, line)


def second_table(sheet: Sheet) -> Sheet:
    """Put another table below - both are tables, and a file has one."""
    if sheet.table.width == 2:  # noqa: PLR2004 - it would be more of the first
        raise UnfitError
    return below(sheet, "", "Other§Table", "a§1", "b§2")


def _delimited(sheet: Sheet, line: str) -> str:
    return line.replace("§", sheet.way.delimiter)
