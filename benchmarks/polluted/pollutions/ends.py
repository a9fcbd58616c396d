"""Other ends of records, other encodings, and bytes that no text has."""

from __future__ import annotations

import codecs
from dataclasses import replace

from benchmarks.polluted.sheets import Sheet, UnfitError

MARKED = frozenset({"utf-8", "utf-16-le", "utf-16-be", "utf-32-le"})
MARK = "\ufeff"


def ended(sheet: Sheet, end: str) -> Sheet:
    """End records with another mark."""
    return sheet.written(end=end)


def mixed(sheet: Sheet) -> Sheet:
    """End records with LF, CRLF and CR in turns."""
    return replace(sheet, ends=("\n", "\r\n", "\r"))


def one_other(sheet: Sheet) -> Sheet:
    """End one record with LF, the others with CRLF."""
    ends = ["\r\n"] * len(sheet.lines)
    ends[sheet.place] = "\n"
    return replace(sheet, ends=tuple(ends))


def not_closed(sheet: Sheet) -> Sheet:
    """Leave out the end of the last record."""
    return replace(sheet, is_closed=False)


def several_at_the_end(sheet: Sheet) -> Sheet:
    """Put four ends behind the last record."""
    return replace(sheet, below=("", "", ""))


def encoded(sheet: Sheet, encoding: str) -> Sheet:
    """Write the file in another encoding, without a mark of it."""
    if not encoding.startswith("utf"):
        if all(line.isascii() for line in sheet.lines):
            raise UnfitError
        for line in sheet.lines:
            _check(line, encoding)
    return replace(sheet, encoding=encoding)


def marked(sheet: Sheet, encoding: str) -> Sheet:
    """Write the file in another encoding, with a byte order mark."""
    return replace(sheet, encoding=encoding, begins_with=MARK)


def mark_in_the_midst(sheet: Sheet) -> Sheet:
    """Put a byte order mark before a row in the midst, as one file put behind another has it."""
    return sheet.with_row(MARK + sheet.lines[sheet.place])


def end_of_dos(sheet: Sheet) -> Sheet:
    """Put 0x1A behind everything, as programs for DOS do."""
    return replace(sheet, ends_with="\x1a")


def nul_in_cell(sheet: Sheet) -> Sheet:
    """Put a NUL into a cell - it may be kept or left out."""
    row = sheet.row
    cells = (f"{row[0]}\0", *row[1:])
    return sheet.with_row(sheet.way.line(cells), cells)


def cut_off(sheet: Sheet) -> Sheet:
    """Cut the file off in the midst of its last row - what is left of it may be kept or not."""
    return replace(sheet, lines=(*sheet.lines[:-1], sheet.lines[-1][:-2]), is_closed=False)


def _check(text: str, encoding: str) -> None:
    try:
        codecs.encode(text, encoding)
    except UnicodeEncodeError:
        raise UnfitError from None
