"""Notes below the table of a sheet: rows at its end that are no rows of the table.

Each has a single cell, with several words in it. An empty row parts them from a table of which most
rows have more; or they are directly below the first cells of rows that all have more and of which
none begins with a sentence. Words may be a row that lacks the other cells, such as a name: where
the column has words too, one of the notes has many, or ends or begins as notes do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from sources.formats.xlsx.sheet import SheetRow

MOST_NOTES = 30
ENOUGH_ROWS = 2
MANY_WORDS, WORDS_OF_PROSE = 2, 4
FIRST_OF_NOTES, LAST_OF_PROSE = "*([†", ".:!?"


def count_notes(rows: Sequence[SheetRow]) -> int:
    """Return how many of the `rows` of a sheet below its header are notes at the end."""
    count = len(list(takewhile(_is_note, reversed(rows))))
    table, notes = rows[: len(rows) - count], rows[len(rows) - count :]
    if not 0 < count <= MOST_NOTES or len(table) < ENOUGH_ROWS:
        return 0
    wide = [row for row in table if _filled(row) > 1]
    if not (any(map(_is_prose, notes)) or all(_is_unlike(note, table) for note in notes)):
        return 0
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
    return len(text.split()) >= MANY_WORDS and any(map(str.isalpha, text))


def _is_prose(note: SheetRow) -> bool:
    """Tell whether the text of a note is more than a name, or begins or ends as notes do."""
    text = "".join(note.cells).strip()
    words = text.split()
    has_signs = text[0] in FIRST_OF_NOTES or text[-1] in LAST_OF_PROSE or words[0].endswith(":")
    return has_signs or len(words) >= WORDS_OF_PROSE


def _is_unlike(note: SheetRow, table: Sequence[SheetRow]) -> bool:
    """Tell whether a note is below numbers, dates and the like, none of which has two letters."""
    place = _first(note)
    cells = ["".join(row.cells[place : place + 1]) for row in table]
    return any(cells) and not any(sum(map(str.isalpha, cell)) > 1 for cell in cells)


def _filled(row: SheetRow) -> int:
    return sum(cell != "" for cell in row.cells)
