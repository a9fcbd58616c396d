"""Rows with too few or too many fields, lines between rows, rows written unlike the others."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.polluted.sheets import Sheet, UnfitError


def closed(sheet: Sheet) -> Sheet:
    """Put a delimiter behind one row."""
    return sheet.with_row(sheet.lines[sheet.place] + sheet.way.delimiter)


def longer(sheet: Sheet) -> Sheet:
    """Put a cell too many behind one row - it may be kept."""
    return sheet.with_row(f"{sheet.lines[sheet.place]}{sheet.way.delimiter}extra")


def shorter(sheet: Sheet) -> Sheet:
    """Leave out the last field of one row."""
    cells = sheet.row[:-1]
    return sheet.with_row(sheet.way.line(cells), (*cells, ""))


def often_shorter(sheet: Sheet) -> Sheet:
    """Leave out the last field of every fourth row."""
    rows = [
        (*row[:-1], "") if place % 4 == 2 else row  # noqa: PLR2004
        for place, row in enumerate(sheet.table.rows)
    ]
    lines = [
        sheet.way.line(row[:-1] if place % 4 == 2 else row)  # noqa: PLR2004
        for place, row in enumerate(rows)
    ]
    return sheet.with_rows(rows, (sheet.lines[0], *lines))


def without_empty_tails(sheet: Sheet) -> Sheet:
    """Leave out fields that are empty at the ends of rows."""
    lines = [sheet.way.line(_without_tail(row)) for row in sheet.table.rows]
    if lines == list(sheet.lines[1:]):
        raise UnfitError
    return replace(sheet, lines=(sheet.lines[0], *lines))


def with_gap(sheet: Sheet) -> Sheet:
    """Put an empty field into the midst of one row - which one is too many, kinds tell at best."""
    half = sheet.table.width // 2
    return sheet.with_row(sheet.way.line((*sheet.row[:half], "", *sheet.row[half:])))


def all_closed(sheet: Sheet) -> Sheet:
    """Put a delimiter behind every line - there may be a column without name or value."""
    return replace(sheet, lines=tuple(line + sheet.way.delimiter for line in sheet.lines))


def rows_closed(sheet: Sheet) -> Sheet:
    """Put a delimiter behind every row, but not behind the header."""
    rows = (line + sheet.way.delimiter for line in sheet.lines[1:])
    return replace(sheet, lines=(sheet.lines[0], *rows))


def some_closed(sheet: Sheet) -> Sheet:
    """Put a delimiter behind every third row."""
    return replace(
        sheet,
        lines=tuple(
            line + sheet.way.delimiter if place and place % 3 == 0 else line
            for place, line in enumerate(sheet.lines)
        ),
    )


def otherwise_delimited(sheet: Sheet) -> Sheet:
    """Part the fields of one row by another mark."""
    mark = "," if sheet.way.delimiter == ";" else ";"
    if any(sign in cell for cell in sheet.row for sign in (mark, sheet.way.delimiter, '"', "\n")):
        raise UnfitError
    return sheet.with_row(mark.join(sheet.row))


def blank_between(sheet: Sheet) -> Sheet:
    """Put a blank line between two rows."""
    return sheet.with_line("")


def blank_after_each(sheet: Sheet) -> Sheet:
    """Put a blank line behind every line."""
    return replace(sheet, lines=tuple(each for line in sheet.lines for each in (line, "")))


def blank_after_five(sheet: Sheet) -> Sheet:
    """Put a blank line behind every fifth line."""
    return replace(
        sheet,
        lines=tuple(
            each
            for place, line in enumerate(sheet.lines)
            for each in ((line, "") if place % 5 == 4 else (line,))  # noqa: PLR2004
        ),
    )


def empty_cells_between(sheet: Sheet) -> Sheet:
    """Put a row of empty cells between two rows - it may be a row."""
    return sheet.with_line(sheet.way.delimiter * (sheet.table.width - 1))


def remarks_between(sheet: Sheet) -> Sheet:
    """Put two lines that begin with # among the rows."""
    if any(line.startswith("#") for line in sheet.lines):
        raise UnfitError
    remark = "# checked by hand"
    return sheet.with_line(remark, len(sheet.lines) * 2 // 3).with_line(
        remark, 1 + sheet.place // 2
    )


def rule_between(sheet: Sheet) -> Sheet:
    """Put a line of dashes between two rows."""
    return sheet.with_line("-" * 40)


def broken(sheet: Sheet) -> Sheet:
    """Put a line end into a field without quotes - two rows that lack fields look the same."""
    line = sheet.lines[sheet.place]
    if "\n" in line or " " not in line:
        raise UnfitError
    return sheet.with_row(line.replace(" ", sheet.way.end, 1))


def _without_tail(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row up to its last cell that is not empty, one cell at least."""
    filled = [place for place, cell in enumerate(row) if cell]
    return row[: filled[-1] + 1 if filled else 1]
