"""Whether the rows of a text stand in quotes as a whole, and are rows of a table without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import (
    DETECTION_SIZE,
    USUAL,
    Expected,
    best_attempt,
    ways_to_read,
)
from sources.formats.csv.detection.quotes import QUOTE
from sources.formats.csv.detection.reading import Row
from sources.unwrapping import wrapped_rows

BEGINS = re.compile(rb'(?:\A|[\r\n])"')
MOST_ROWS, ENOUGH_ROWS = 200, 2
MOST_AROUND = 10  # lines before a table or behind it
SURE_ROWS = 5  # of a table with such lines and without doubled quotes
ROWS_PER_MISFIT = 10  # one of so many may have another number of fields
SURE_WIDTH = 3  # of two columns quotes inside must tell: it may be a list of `"Doe,Jane"`


def are_wrapped(sample: bytes, layout: FileFormat, *, complete: bool) -> bool:
    """Tell whether most of the first rows are in quotes, and nearly all have as many fields.

    A quote that is given is around fields, unless a delimiter is given that would part nothing
    then: if the first row has it as the others.
    """
    is_given = layout.quote is not None
    is_about_fields = is_given and (layout.quote != QUOTE or not layout.delimiter)
    if is_about_fields or not BEGINS.search(sample, 0, DETECTION_SIZE):
        return False
    whole = complete and len(sample) <= DETECTION_SIZE
    rows = wrapped_rows(sample[:DETECTION_SIZE], MOST_ROWS, complete=whole)
    if len(rows) < ENOUGH_ROWS:
        return False
    text = b"\n".join(rows).decode(errors="replace")
    best = best_attempt(text, ways_to_read(text, layout), Expected(), cut=False)
    is_doubled = any(b'"' in row for row in rows)
    fits = _are_rows(best.rows, best.width, ENOUGH_ROWS if is_doubled else SURE_ROWS)
    table = (row for row in best.rows if len(row.cells) == best.width and not _is_note(row))
    is_spaced = any(cell.startswith(" ") for row in table for cell in _bare_behind_first(row))
    is_sure = best.width >= SURE_WIDTH or is_doubled
    is_usual = best.marks.delimiter in (layout.delimiter or "", *USUAL)
    if is_given and len(best.rows[0].cells) != best.width:
        return False
    return best.width > 1 and fits and is_usual and is_sure and not is_spaced


def _are_rows(rows: Sequence[Row], width: int, sure: int) -> bool:
    """Tell whether nearly all rows have the same width.

    Between titles and notes there must be `sure` of them.
    """
    table = list(dropwhile(_is_note, rows))
    before = len(rows) - len(table)
    table = list(dropwhile(_is_note, reversed(table)))
    behind = len(rows) - before - len(table)
    fitting = sum(len(row.cells) == width and not row.stray for row in table)
    least = sure if before or behind else ENOUGH_ROWS
    is_first = len(table) > 0 and len(table[-1].cells) == width
    is_all = (len(table) - fitting) * ROWS_PER_MISFIT <= len(table)
    return is_first and is_all and fitting >= least and max(before, behind) <= MOST_AROUND


def _is_note(row: Row) -> bool:
    """Tell whether a row has one cell, or the parts of a sentence."""
    cells = _bare_behind_first(row)
    return len(cells) == len(row.cells) - 1 and all(cell.startswith(" ") for cell in cells)


def _bare_behind_first(row: Row) -> list[str]:
    """Return the cells behind the first one that are not in quotes."""
    cells = zip(row.cells[1:], row.quoted[1:], strict=True)
    return [cell for cell, quoted in cells if not quoted]
