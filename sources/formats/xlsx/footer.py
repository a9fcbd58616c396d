"""Notes below the table of a sheet: rows at its end that are no rows of the table.

Each has a single cell, with a sentence in it. An empty row parts them from a table of which most
rows have more; or they are directly below the first cells of rows that all have more and of which
none begins with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from sources.formats.xlsx.sheet import SheetRow

MOST_NOTES = 30
ENOUGH_ROWS = 2
MANY_WORDS = 2


def count_notes(rows: Sequence[SheetRow]) -> int:
    """Return how many of the `rows` of a sheet below its header are notes at the end."""
    count = len(list(takewhile(_is_note, reversed(rows))))
    table, notes = rows[: len(rows) - count], rows[len(rows) - count :]
    if not 0 < count <= MOST_NOTES or len(table) < ENOUGH_ROWS:
        return 0
    wide = [row for row in table if _filled(row) > 1]
    if notes[0].number > table[-1].number + 1:
        return count if 2 * len(wide) > len(table) else 0
    are_alike = len(wide) < len(table) or any(
        _is_sentence("".join(row.cells[_first(row) :][:1])) for row in table
    )
    are_below = max(map(_first, notes)) <= min(map(_first, table))
    return count if are_below and not are_alike else 0


def _is_note(row: SheetRow) -> bool:
    return (
        _filled(row) == 1
        and not (row.errors or row.uncomputed or row.too_long)
        and _is_sentence("".join(row.cells))
    )


def _first(row: SheetRow) -> int:
    """Return the place of the first cell that holds something."""
    return next((place for place, cell in enumerate(row.cells) if cell), 0)


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= MANY_WORDS


def _filled(row: SheetRow) -> int:
    return sum(cell != "" for cell in row.cells)
