"""Whether spaces stand before the quotes of cells, as in `1, "a",2`, but not behind all delimiters.

Where they do, the delimiter has a space in it, and all is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import (
    DETECTION_SIZE,
    USUAL,
    Expected,
    best_attempt,
    ways_to_read,
)
from sources.formats.csv.detection.quotes import QUOTE
from sources.formats.csv.detection.reading import Marks, Row, read_rows
from sources.formats.csv.detection.scoring import usual_width
from sources.unspacing import cell_in_quotes, unspacer

SPACED = re.compile(rb'(?:\A|[,;\t|\r\n]) ++"[^"]')
SPACE_BEFORE_QUOTE, NEARLY_ALL = b' "', 0.9


def delimiter_before_spaces(sample: bytes, layout: FileFormat, *, complete: bool) -> str:
    """Return what parts the cells of which some have spaces before their quotes; empty: none do.

    Nearly all rows have one width then, and below the first one more have it than if the delimiter
    has a space in it.
    """
    begin = _where_looked_at(sample)
    head = sample[begin : begin + DETECTION_SIZE]
    is_other = layout.quote not in {None, QUOTE} or layout.escape not in {None, QUOTE}
    if is_other or layout.delimiter not in {None, *USUAL} or not SPACED.search(head):
        return ""
    is_cut = not complete or begin + len(head) < len(sample)
    head = head[: head.rfind(b"\n") + 1] if is_cut else head
    text = head.decode(errors="replace")
    best = best_attempt(text, ways_to_read(text, layout), Expected(), cut=False)
    mark = best.marks.delimiter.strip(" ")
    if mark not in USUAL or best.marks.quote not in {None, QUOTE}:
        return ""
    if not any(found[1] for found in cell_in_quotes(mark).finditer(head)):
        return ""
    read = read_rows(unspacer(mark)(head).decode(errors="replace"), Marks(delimiter=mark))
    rows = [row for row in read if not row.is_blank]
    is_table = usual_width(rows) > 1 and _fit(rows) >= NEARLY_ALL * len(rows)
    is_better = _fit(rows) > _fit(best.rows[1:]) + 1 or mark == best.marks.delimiter
    return mark if is_table and is_better else ""


def _fit(rows: Sequence[Row]) -> int:
    """Return how many rows have the same width."""
    width = usual_width(rows)
    return sum(len(row.cells) == width and not row.is_blank for row in rows)


def _where_looked_at(sample: bytes) -> int:
    """Return where the text begins that tells: at the line with the first cell of that kind.

    That is the beginning of the sample unless that cell is far behind it.
    """
    found = SPACED.search(sample) if SPACE_BEFORE_QUOTE in sample else None
    is_far = found is not None and found.start() >= DETECTION_SIZE
    return sample.rfind(b"\n", 0, found.start() + 1) + 1 if found and is_far else 0
