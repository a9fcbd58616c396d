"""What can be wrong with a row of a sheet, or a cell of it, and how that is told."""

from __future__ import annotations

from definitions.faults import FaultCode
from sources.formats.xlsx.sheet import SheetRow
from sources.gathering import TOO_LONG, Problem
from sources.markup import BrokenMarkupError

CUT = Problem(
    code=FaultCode.FILE_CUT, message="is cut: the sheet ends in the middle; save or fetch it again"
)
REPEATED = Problem(
    code=FaultCode.REPEATED_HEADER, message="names the columns once more, as the header does"
)
NOT_COMPUTED = Problem(
    code=FaultCode.ERROR_CELL,
    message=(
        "has a formula without a stored value; it is left empty, "
        "save the workbook with a spreadsheet program"
    ),
)


def wrong_with(row: SheetRow, first: int, width: int) -> Problem | None:
    """Return what is wrong with a row below a header as in `too_wide`, if anything is."""
    return TOO_LONG if row.too_long else given_twice(row) or too_wide(row, first, width)


def too_wide(row: SheetRow, first: int, width: int) -> Problem | None:
    """Return the problem of a row with something to the right or to the left of the header.

    The header has `width` columns, behind the `first` ones of the sheet.
    """
    if first and any(row.cells[:first]):
        message = f"has a cell to the left of the header, which begins in column {first + 1}"
        return Problem(code=FaultCode.TOO_MANY_FIELDS, message=message)
    if len(row.cells) <= first + width or not any(row.cells[first + width :]):
        return None
    found = max(n for n, cell in enumerate(row.cells, start=1) if cell) - first
    message = f"expected {width} fields, found {found}"
    return Problem(code=FaultCode.TOO_MANY_FIELDS, message=message)


def breaks(error: BrokenMarkupError) -> Problem:
    """Return what is wrong where the XML of a sheet breaks."""
    if error.is_cut:
        return CUT
    message = f"breaks the sheet, which is read up to here: {error.reason}"
    return Problem(code=FaultCode.BROKEN_RECORD, message=message)


def shows(error: str) -> Problem:
    """Return what is wrong with a cell that shows an error."""
    message = f"shows {error} in the workbook; it is left empty"
    return Problem(code=FaultCode.ERROR_CELL, message=message)


def given_twice(row: SheetRow) -> Problem | None:
    """Return the problem of a row in which a cell has two values, of which one gets lost."""
    if row.twice < 0:
        return None
    message = f"gives the cell {_letters(row.twice)}{row.number} twice"
    return Problem(code=FaultCode.TOO_MANY_FIELDS, message=message)


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column, which is counted from 0."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def shown(row: SheetRow) -> str:
    """Return a row as a fault shows it."""
    return " | ".join(filter(None, row.cells))
