"""Whether cells stand in quotes that a word processor made round, as in `“d, e”,f`."""

from __future__ import annotations

import re

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import DETECTION_SIZE, USUAL
from sources.formats.csv.detection.quotes import QUOTE
from sources.formats.csv.detection.reading import Marks, Row, read_rows
from sources.formats.csv.detection.scoring import usual_width
from sources.straightening import FAMILIES, RoundQuotes, straightener

ENOUGH_ROWS, NEARLY_ALL = 2, 0.9


def find_round_quotes(sample: bytes, layout: FileFormat, *, complete: bool) -> RoundQuotes | None:
    """Return the round quotes around cells, and what parts these, if there are any.

    Each of them opens a cell or closes one, or is inside of one. And they are needed: all names are
    in them, or more rows have one width if what is inside of them is text. Else they are text.
    """
    if layout.quote is not None:
        return None
    head = sample[:DETECTION_SIZE]
    is_cut = not complete or len(head) < len(sample)
    head = head[: head.rfind(b"\n") + 1] if is_cut else head
    ways = (
        RoundQuotes(marks, delimiter)
        for marks in FAMILIES
        if any(mark.encode() in head for mark in marks)
        for delimiter in ([layout.delimiter] if layout.delimiter else USUAL)
    )
    return next((quotes for quotes in ways if _are_quotes(head, quotes)), None)


def _are_quotes(head: bytes, quotes: RoundQuotes) -> bool:
    straight = straightener(quotes)(head).decode(errors="replace")
    marks = Marks(delimiter=quotes.delimiter, escape=QUOTE)
    rows = [row for row in read_rows(straight, marks) if not row.is_blank]
    if straight == head.decode(errors="replace") or any(_is_left(quotes, row) for row in rows):
        return False
    plain = Marks(delimiter=quotes.delimiter, quote=None, escape=None)
    before = [row for row in read_rows(head.decode(errors="replace"), plain) if not row.is_blank]
    share = _share(rows)
    is_table = usual_width(rows) > 1 and len(rows) >= ENOUGH_ROWS and share >= NEARLY_ALL
    return is_table and (all(rows[0].quoted) or share > _share(before))


def _is_left(quotes: RoundQuotes, row: Row) -> bool:
    """Tell whether a round quote is in a cell that is not in such quotes."""
    cells = zip(row.cells, row.quoted, strict=True)
    return any(re.search(f"[{quotes.marks}]", cell) for cell, quoted in cells if not quoted)


def _share(rows: list[Row]) -> float:
    width = usual_width(rows)
    return sum(len(row.cells) == width for row in rows) / len(rows)
