"""Headers: none, several lines, another way than the rows."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.polluted.sheets import Sheet, UnfitError

UNITS = ("-", "m", "kg", "s", "EUR", "pcs")


def nameless(sheet: Sheet) -> Sheet:
    """Leave out the header."""
    table = replace(sheet.table, header=())
    return replace(sheet, table=table, lines=sheet.lines[1:], header_rows=0)


def alone(sheet: Sheet) -> Sheet:
    """Leave out all rows."""
    if any(name.isdecimal() for name in sheet.table.header):
        raise UnfitError
    return sheet.with_rows((), sheet.lines[:1])


def in_groups(sheet: Sheet) -> Sheet:
    """Put names of groups of two columns above the names - joined or not, both can be meant."""
    groups = tuple(f"Group {i // 2}" if i % 2 == 0 else "" for i in range(sheet.table.width))
    return _two_lines(sheet, groups, sheet.table.header)


def in_full_groups(sheet: Sheet) -> Sheet:
    """Put the group of each column above its name - joined or not, both can be meant."""
    groups = tuple(f"Group {i // 2}" for i in range(sheet.table.width))
    return _two_lines(sheet, groups, sheet.table.header)


def with_units(sheet: Sheet) -> Sheet:
    """Put units in brackets below the names."""
    units = tuple(f"[{UNITS[i % len(UNITS)]}]" for i in range(sheet.table.width))
    return _two_lines(sheet, sheet.table.header, units)


def otherwise_delimited(sheet: Sheet) -> Sheet:
    """Part the names by another mark than the cells."""
    mark = ";" if sheet.way.delimiter == "," else ","
    if any(mark in name for name in sheet.table.header):
        raise UnfitError
    return replace(sheet, lines=(mark.join(sheet.table.header), *sheet.lines[1:]))


def again_in_the_midst(sheet: Sheet) -> Sheet:
    """Repeat the header among the rows, as on every page of a print."""
    return sheet.with_line(sheet.lines[0])


def twice(sheet: Sheet) -> Sheet:
    """Repeat the header directly below it."""
    return sheet.with_line(sheet.lines[0], 1)


def of_two_files(sheet: Sheet) -> Sheet:
    """Put two files with mark and header of their own one behind the other."""
    mark = "\ufeff"
    return replace(sheet.with_line(mark + sheet.lines[0]), begins_with=mark)


def underlined(sheet: Sheet) -> Sheet:
    """Put a line of dashes below each name."""
    dashes = ("-" * max(3, len(name)) for name in sheet.table.header)
    return sheet.with_line(sheet.way.delimiter.join(dashes), 1)


def ruled(sheet: Sheet) -> Sheet:
    """Put one line of dashes below the header."""
    return sheet.with_line("-" * 40, 1)


def in_quotes(sheet: Sheet) -> Sheet:
    """Quote the names, though not the cells."""
    names = sheet.way.delimiter.join(map(sheet.way.in_quotes, sheet.table.header))
    return replace(sheet, lines=(names, *sheet.lines[1:]))


def spaced(sheet: Sheet) -> Sheet:
    """Put a space behind each delimiter of the header."""
    names = f"{sheet.way.delimiter} ".join(sheet.table.header)
    return replace(sheet, lines=(names, *sheet.lines[1:]))


def apart(sheet: Sheet) -> Sheet:
    """Put a blank line below the header."""
    return sheet.with_line("", 1)


def remarked(sheet: Sheet) -> Sheet:
    """Put # before the header - it may be part of the first name."""
    if sheet.lines[0].startswith("#"):
        raise UnfitError
    return replace(sheet, lines=(f"# {sheet.lines[0]}", *sheet.lines[1:]))


def with_index(sheet: Sheet) -> Sheet:
    """Put a column of numbers first, which has an empty name."""
    rows = tuple((str(i), *row) for i, row in enumerate(sheet.table.rows))
    table = replace(sheet.table, header=("", *sheet.table.header), rows=rows)
    return Sheet.of(table, sheet.way)


def with_row_names(sheet: Sheet) -> Sheet:
    """Put a column of numbers first, which the header lacks - its last name could be lacking."""
    indexed = with_index(sheet)
    return replace(indexed, lines=(sheet.lines[0], *indexed.lines[1:]))


def closed(sheet: Sheet) -> Sheet:
    """Put a delimiter behind the header, but not behind rows."""
    return replace(sheet, lines=(sheet.lines[0] + sheet.way.delimiter, *sheet.lines[1:]))


def _two_lines(sheet: Sheet, first: tuple[str, ...], second: tuple[str, ...]) -> Sheet:
    names = tuple(f"{one} {other}".strip() for one, other in zip(first, second, strict=True))
    lines = (sheet.way.line(first), sheet.way.line(second), *sheet.lines[1:])
    table = replace(sheet.table, header=names)
    return replace(sheet, table=table, lines=lines, header_rows=2)
