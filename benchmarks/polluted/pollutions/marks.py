"""Other delimiters and other quotes than the table is used to."""

from __future__ import annotations

import re
from dataclasses import replace

from benchmarks.polluted.sheets import NUMBER, Sheet, UnfitError

ANY = re.compile(r".*", re.DOTALL)
NO_NUMBER = re.compile(rf"(?!{NUMBER.pattern}$).*", re.DOTALL)


def delimited(sheet: Sheet, mark: str) -> Sheet:
    """Part the fields by another mark."""
    if mark == sheet.way.delimiter:
        raise UnfitError
    return sheet.written(delimiter=mark)


def in_apostrophes(sheet: Sheet) -> Sheet:
    """Quote with apostrophes where quotes are needed."""
    return sheet.written(quote="'", escape="'")


def all_in_apostrophes(sheet: Sheet) -> Sheet:
    """Quote every field with apostrophes."""
    return sheet.written(quote="'", escape="'", quoted=ANY)


def all_in_accents(sheet: Sheet) -> Sheet:
    """Quote every field with grave accents."""
    return sheet.written(quote="`", escape="`", quoted=ANY)


def all_in_quotes(sheet: Sheet) -> Sheet:
    """Quote every field."""
    return sheet.written(quoted=ANY)


def texts_in_quotes(sheet: Sheet) -> Sheet:
    """Quote whatever is no number."""
    return sheet.written(quoted=NO_NUMBER)


def all_with_backslashes(sheet: Sheet) -> Sheet:
    """Quote every field, a backslash before quotes inside."""
    _require_quotes_inside(sheet)
    return sheet.written(escape="\\", quoted=ANY)


def with_backslashes(sheet: Sheet) -> Sheet:
    """Put a backslash before quotes inside of fields, which are quoted where they must."""
    _require_quotes_inside(sheet)
    return sheet.written(escape="\\")


def all_without_escapes(sheet: Sheet) -> Sheet:
    """Quote every field, with quotes inside as they are."""
    _require_quotes_inside(sheet)
    return sheet.written(escape="", quoted=ANY)


def without_escapes(sheet: Sheet) -> Sheet:
    """Quote where it is needed, with quotes inside as they are."""
    _require_quotes_inside(sheet)
    return sheet.written(escape="")


def without_quotes(sheet: Sheet) -> Sheet:
    """Quote nothing."""
    return sheet.written(quote="", escape="")


def escaped_delimiters(sheet: Sheet) -> Sheet:
    """Quote nothing, a backslash before delimiters inside."""
    mark = sheet.way.delimiter
    if not any(mark in cell for row in sheet.table.rows for cell in row):
        raise UnfitError
    return sheet.written(quote="", escape="\\")


def one_column_in_quotes(sheet: Sheet) -> Sheet:
    """Quote every cell of the second column, name and all."""
    way, records = sheet.way, (sheet.table.header, *sheet.table.rows)
    lines = [
        way.delimiter.join(
            way.in_quotes(cell) if place == 1 else way.field(cell)
            for place, cell in enumerate(cells)
        )
        for cells in records
    ]
    return sheet.with_rows(sheet.table.rows, lines)


def in_typographic_quotes(sheet: Sheet) -> Sheet:
    """Quote every field with “ and ” - they may be text."""
    if any('"' in cell for row in sheet.table.rows for cell in row):
        raise UnfitError
    lines = sheet.written(quoted=ANY).lines
    turned = tuple(re.sub(r'"([^"]*)"', "“\\1”", line) for line in lines)
    return replace(sheet, lines=turned, is_given=False)


def _require_quotes_inside(sheet: Sheet) -> None:
    if not any('"' in cell for row in sheet.table.rows for cell in row):
        raise UnfitError
