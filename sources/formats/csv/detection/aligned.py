"""Whether the columns of a text are aligned with spaces, several of which are one delimiter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import DETECTION_SIZE, USUAL
from sources.formats.csv.detection.kinds import Kind, kind_of

ALIGNED = re.compile(rb"(?:\A|[\r\n ]) | [\r\n]")
GAPS = re.compile(r"( +)")
MARKS = re.compile(r"[\",;\t|]")
MOST_LINES, MOST_BEFORE, MOST_BEHIND, ENOUGH_ROWS = 200, 100, 3, 5
FEW_ROWS = 3  # are enough where no line is above them
FIRM = 0.5  # so many of the cells must be numbers, dates and the like
MARKED_PER_ROW = 0.1  # so many words may have marks in them that part or quote fields


def are_aligned(sample: bytes, layout: FileFormat, *, complete: bool) -> bool:
    """Tell whether each line has as many parts between spaces, of which most are no mere words.

    Above those lines may be others. No other delimiter parts them, and nothing is in quotes.
    """
    head = sample[:DETECTION_SIZE]
    is_told = layout.delimiter is not None or bool(layout.quote)
    if is_told or not ALIGNED.search(head):
        return False
    lines = head.decode(errors="replace").splitlines()[layout.skip_rows or 0 :]
    is_cut = not complete or len(head) < len(sample)
    filled = [line for line in lines[: len(lines) - is_cut][:MOST_LINES] if line.strip(" ")]
    rows = _rows(filled)
    least = FEW_ROWS if len(rows) == len(filled) else ENOUGH_ROWS
    if len(rows) < least or len(rows) + MOST_BEFORE < len(filled) or not _are_firm(rows[1:]):
        return False
    return not any(_parts(mark, rows) for mark in USUAL) and not _have_texts(rows)


def _rows(lines: Sequence[str]) -> list[str]:
    """Return the lines that follow each other with the same number of parts, if it is several.

    Those before them may be names, or something above the table. Few lines behind them that begin
    with words, as no row does, are notes.
    """
    counts = [sum(part != "" for part in line.split(" ")) for line in lines]
    usual, _ = Counter(counts).most_common(1)[0] if counts else (0, 0)
    places = [i for i, count in enumerate(counts) if count == usual]
    if usual < 2 or len(places) < places[-1] - places[0] + 1:  # noqa: PLR2004
        return []
    rows, behind = lines[places[0] : places[-1] + 1], lines[places[-1] + 1 :]
    are_notes = len(behind) <= MOST_BEHIND and not any(_begins_firmly(line) for line in behind)
    is_told = not behind or all(map(_begins_firmly, rows[1:]))
    return list(rows) if are_notes and is_told else []


def _begins_firmly(line: str) -> bool:
    """Tell whether the first part of a line is no word, as notes begin with."""
    return kind_of(next(iter(line.split()), "")) not in {Kind.WORDS, Kind.EMPTY}


def _are_firm(rows: Sequence[str]) -> bool:
    """Tell whether most cells are no words, and hardly any is a word with a mark in it."""
    cells = [cell for row in rows for cell in row.split(" ") if cell]
    words = [cell for cell in cells if kind_of(cell) in {Kind.WORDS, Kind.EMPTY}]
    marked = sum(MARKS.search(word) is not None for word in words)
    return len(words) <= (1 - FIRM) * len(cells) and marked <= MARKED_PER_ROW * len(rows)


def _have_texts(rows: Sequence[str]) -> bool:
    """Tell whether words are followed by one space in all rows: then they may go on behind it."""
    parted = [GAPS.split(row.strip(" ")) for row in rows]
    columns = list(zip(*parted, strict=True))
    return any(
        set(gaps) == {" "} and sum(kind_of(cell) is Kind.WORDS for cell in cells) * 2 > len(rows)
        for cells, gaps in zip(columns[::2], columns[1::2], strict=False)
    )


def _parts(mark: str, rows: Sequence[str]) -> bool:
    """Tell whether a mark stands in each row, and equally often."""
    counts = {row.count(mark) for row in rows}
    return len(counts) == 1 and 0 not in counts
