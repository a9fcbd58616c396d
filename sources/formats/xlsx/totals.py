"""The row of totals at the end of a table: no row of it, but what its numbers add up to.

It is certain where a number in it is the sum of those above it, and the row is called so, or has
nothing but such sums; or where its formulas were never computed, and it is called so.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation, localcontext

from sources.formats.xlsx.sheet import SheetRow

FEWEST_ROWS, FEWEST_ROWS_UNNAMED = 2, 3
MOST_DIGITS = 60
TOTALS = frozenset(
    [
        "total",
        "totals",
        "grand total",
        "sum",
        "summe",
        "gesamt",
        "gesamtsumme",
        "insgesamt",
        "celkem",
        "součet",
        "spolu",
        "suma",
        "razem",
        "összesen",
        "total général",
        "totale",
        "total general",
        "totaal",
        "subtotal",
        "summa",
        "yhteensä",
        "i alt",
        "toplam",
        "итого",
        "всего",
    ]
)


def ends_with_totals(rows: Sequence[SheetRow]) -> bool:
    """Tell whether the last one of the `rows` of a sheet below its header has their totals."""
    if len(rows) <= FEWEST_ROWS or rows[-1].errors or rows[-1].too_long:
        return False
    table, last = rows[:-1], rows[-1]
    words = {place for place, cell in enumerate(last.cells) if cell and _number(cell) is None}
    numbers = {place for place, cell in enumerate(last.cells) if cell} - words
    named = len(words) == 1 and _is_called_total(last.cells[min(words)])
    if named and last.uncomputed and not numbers:
        return True
    fewest = FEWEST_ROWS if named else FEWEST_ROWS_UNNAMED
    if not numbers or (words and not named) or len(table) < fewest:
        return False
    sums = {place for place in numbers if _is_sum(last.cells[place], table, place)}
    return bool(sums) if named else sums == numbers and not _has_key(last, table)


def _is_called_total(text: str) -> bool:
    return text.strip().rstrip(":").strip().lower() in TOTALS


def _has_key(last: SheetRow, table: Sequence[SheetRow]) -> bool:
    """Tell whether the last row has something in the first cell that others fill."""
    first = min(place for row in table for place, cell in enumerate([*row.cells, "end"]) if cell)
    return "".join(last.cells[first : first + 1]) != ""


def _is_sum(text: str, table: Sequence[SheetRow], place: int) -> bool:
    """Tell whether a number is the sum of those in a column, as far as digits were rounded."""
    above = [_number(cell) for row in table if (cell := "".join(row.cells[place : place + 1]))]
    total = _number(text)
    if total is None or len(above) < FEWEST_ROWS or None in above:
        return False
    with localcontext(prec=MOST_DIGITS):
        whole = sum((number for number in above if number is not None), Decimal())
        return abs(whole - total) <= abs(total) * Decimal("1e-12")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
