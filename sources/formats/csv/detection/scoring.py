"""How well a text reads in one of the ways it may be written.

Rows of one width, many columns, and cells that look whole speak for a way of reading; the idea of
weighing the pattern of the rows against the kinds of the cells is that of G. van den Burg et al.,
"Wrangling messy CSV files by detecting row and type patterns".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from sources.formats.csv.detection.kinds import Kind, kind_of, plausibility
from sources.formats.csv.detection.lacking import lack_cells
from sources.formats.csv.detection.one_column import ONE_COLUMN, worth_of
from sources.formats.csv.detection.reading import Marks, Row, read_rows

WHOLE_LINE = "\x00"  # a delimiter for reading every line as one cell
FEW_LINES = 10  # one of so many lines at most has a given delimiter in a text of one column
AROUND = 0.25  # what a line without delimiter counts before and behind the table
BETWEEN_WORDS = re.compile(r"(?<=\S) ?\t ?(?=\S)")
USUAL = dict.fromkeys(",;\t|", 1.0)
LESS_USUAL = USUAL | {":": 0.8, " ": 0.65, "=": 0.4} | dict.fromkeys("~^§¦¬", 0.95)
RARE, CONTROL, OF_SEVERAL = 0.6, 0.98, 0.97
UNEVEN_FIRST, SHORTENED = 0.82, 0.4  # the latter where quotes make rows shorter than the names
SENTENCES = 0.25  # below a single name
LEFT_TABS = 0.3
MOST_JUDGED, MOST_COLUMNS = 60, 100  # rows, and cells of each
FEW_OF = 0.1
LOOSE = 0.9  # what a row counts that ends with delimiters too many
LACKING = 0.8  # and one that ends before the last columns
DOUBTFUL = 0.5
ENOUGH_ROWS = 5  # to tell that columns are filled up with spaces
FIRST_ROW_WEIGHT = 4
MOSTLY, COLUMNS_OF_SPACES = 0.75, 0.5  # at least this part of the cells must be typed or quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The rows of a text read in one way, and how well they look."""

    marks: Marks
    rows: Sequence[Row]
    width: int
    score: float


def attempt(text: str, marks: Marks, *, cut: bool) -> Attempt:
    """Read `text` as `marks` say; `cut` tells that it ends in the middle."""
    rows = whole_rows(text, marks, cut=cut)
    width = usual_width(rows)
    fitting = [row for row in rows if len(row.cells) == width and not row.is_blank]
    score = 0.0
    if fitting:
        filled = [row for row in rows if not row.is_blank]
        first = next((row for row in filled if not row.cells[0].startswith("#")), filled[0])
        consistency = _consistency(marks, rows, width)
        columns = _columns(marks, fitting, width)
        agreed = _agreed(marks, first, fitting)
        score = consistency**1.5 * columns * agreed * _cells(fitting) ** 2
        score *= _prior(marks) * _wholeness(marks, fitting)
        score *= _bareness(marks, fitting, consistency)
    return Attempt(marks=marks, rows=rows, width=width, score=score)


def _consistency(marks: Marks, rows: Sequence[Row], width: int) -> float:
    """Return which part of the rows has the same width, those that lack cells counting less."""
    filled = [row for row in rows if not row.is_blank]
    fitting = sum(len(row.cells) == width for row in filled)
    if width == len(filled[0].cells) and marks.delimiter in USUAL and lack_cells(filled):
        return (fitting + LACKING * (len(filled) - fitting)) / len(filled)
    loose = sum(_is_loose(row, width) for row in rows)
    return (fitting + LOOSE * loose) / _extent(rows, width)


def _columns(marks: Marks, rows: Sequence[Row], width: int) -> float:
    """Return what the columns count; those that a rare mark makes before all rows are none."""
    if width == 1:
        return _one_column(marks, rows)
    is_rare = marks.delimiter.strip(" ") not in USUAL
    begun = next((i for i in range(width) if any(row.cells[i] for row in rows)), width)
    return 1 - 1 / max(1, width - begun if is_rare else width)


def _agreed(marks: Marks, first: Row, fitting: Sequence[Row]) -> float:
    width = len(fitting[0].cells)
    if len(first.cells) == width:
        return 1.0
    spaced = marks.delimiter.endswith(" ")
    if len(first.cells) == 1 and all(_is_sentence(row, spaced=spaced) for row in fitting):
        return SENTENCES
    is_shortened = marks.quote in {"'", "`"} and len(first.cells) > width > 1
    is_shortened &= not any(first.quoted)
    return SHORTENED if is_shortened and _joins(marks, fitting) else UNEVEN_FIRST


def _joins(marks: Marks, rows: Sequence[Row]) -> bool:
    """Tell whether anything that might be several cells is one as it is in quotes."""
    return any(
        quoted and marks.delimiter in cell
        for row in rows
        for cell, quoted in zip(row.cells, row.quoted, strict=True)
    )


def _is_sentence(row: Row, *, spaced: bool) -> bool:
    """Tell whether the cells are words, each but the first behind a space: parts of a sentence."""
    are_words = all(kind_of(cell) is Kind.WORDS for cell in row.cells)
    are_spaced = spaced or all(cell.startswith(" ") for cell in row.cells[1:])
    return are_words and are_spaced and not any(row.quoted)


def whole_rows(text: str, marks: Marks, *, cut: bool) -> list[Row]:
    """Return the first rows of `text`, without the one at the end that is cut."""
    rows = read_rows(text, marks)
    return rows[:-1] if cut and len(rows) > 1 and rows[-1].end == "" else rows


def usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells the rows of the first real table have."""
    widths = _widths(rows)
    usual = max(widths, key=lambda width: (widths[width] * (1 - 1 / width), width), default=1)
    if _ends_loosely(rows, usual):
        return next(len(row.cells) for row in rows if not row.is_blank)
    for block in _blocks(rows):
        width, count = _widths(block).most_common(1)[0]
        is_table = used_columns(block, width) > 2 and count > 2 and count * 2 > len(block)  # noqa: PLR2004
        if width == usual or (is_table and count * 10 > widths[usual]):
            return width
    return usual


def is_one_column(rows: Sequence[Row], *, begun: bool) -> bool:
    """Tell whether rows in a given delimiter have one cell, whatever a few lines have.

    Where the table has `begun` with the first row, as lines to skip are given, most rows decide.
    """
    filled = [row for row in rows if not row.is_blank]
    several = sum(len(row.cells) > 1 for row in filled)
    if begun and filled and len(filled[0].cells) == 1:
        return several * 2 < len(filled)
    return several * FEW_LINES < len(filled)


def _ends_loosely(rows: Sequence[Row], usual: int) -> bool:
    """Tell whether nothing but delimiters, now more and now fewer, is right of the first row."""
    filled = [row for row in rows if not row.is_blank]
    others, width = filled[1:], len(filled[0].cells) if filled else 0
    if not 1 < width < usual:
        return False
    uneven = len({len(row.cells) for row in others}) > 1
    return uneven and all(len(row.cells) == width or _is_loose(row, width) for row in others)


def _is_loose(row: Row, width: int) -> bool:
    """Tell whether a row has more cells than `width`, and nothing in those."""
    return len(row.cells) > width and not any(row.cells[width:])


def used_columns(rows: Sequence[Row], width: int) -> int:
    """Return how many columns there are up to the last that holds anything."""
    columns = zip(*(row.cells for row in rows if len(row.cells) == width), strict=True)
    return max((i for i, cells in enumerate(columns, 1) if any(cells)), default=0)


def _widths(rows: Sequence[Row]) -> Counter[int]:
    filled = [row for row in rows if not row.is_blank]
    table = [row for row in filled if not row.cells[0].startswith("#")]
    return Counter(len(row.cells) for row in table or filled)


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows between blank lines."""
    groups = groupby(rows, key=lambda row: row.is_blank)
    return [list(block) for blank, block in groups if not blank]


def _extent(rows: Sequence[Row], width: int) -> float:
    """Return how many rows there are; what is around the table counts less."""
    places = [place for place, row in enumerate(rows) if len(row.cells) == width]
    before, behind = rows[: places[0]], rows[places[-1] + 1 :]
    around = sum(map(_is_prose, before))
    if behind and behind[0].is_blank and len(places) > 2:  # noqa: PLR2004
        around += sum(not row.is_blank for row in behind)
    else:
        around += sum(map(_is_prose, behind))
    return sum(not row.is_blank for row in rows) - (1 - AROUND) * around


def _is_prose(row: Row) -> bool:
    return len(row.cells) == 1 and not row.is_blank and plausibility(row.cells[0]) > DOUBTFUL


def _one_column(marks: Marks, rows: Sequence[Row]) -> float:
    """Return what a text of one column gets: more if its lines are all of a kind but words."""
    if marks.delimiter != WHOLE_LINE:
        return ONE_COLUMN / 2
    return worth_of(rows)


def prior_of(delimiter: str) -> float:
    """Return how usual a delimiter is."""
    mark = delimiter.strip(" ") or " "
    if len(mark) > 1:
        return OF_SEVERAL
    return LESS_USUAL.get(mark, CONTROL if mark < " " else RARE)


def _prior(marks: Marks) -> float:
    if marks.delimiter == WHOLE_LINE:
        return 1.0
    return prior_of(marks.delimiter)


def _cells(rows: Sequence[Row]) -> float:
    """Return how much the cells look like whole ones; the first row counts more than others."""
    step = max(1, len(rows) // MOST_JUDGED)
    filled_up = _filled_up(rows)
    judged = [_row(row, filled_up) for row in rows[::step]]
    weight = min(FIRST_ROW_WEIGHT, max(1.0, len(judged) / 5))
    return (judged[0] * (weight - 1) + sum(judged)) / (weight - 1 + len(judged))


def _row(row: Row, filled_up: frozenset[int]) -> float:
    if row.stray:
        return 0.3
    cells = list(islice(zip(row.cells, row.quoted, strict=True), MOST_COLUMNS))
    looks = (
        1.0 if quoted else plausibility(cell.strip() if i in filled_up else cell)
        for i, (cell, quoted) in enumerate(cells)
    )
    return sum(looks) / len(cells)


def _filled_up(rows: Sequence[Row]) -> frozenset[int]:
    """Return the columns whose cells below the first are filled up with spaces to one length."""
    if len(rows) <= ENOUGH_ROWS:
        return frozenset()
    columns = zip(*(row.cells[:MOST_COLUMNS] for row in rows[1:]), strict=True)
    return frozenset(
        i
        for i, cells in enumerate(columns)
        if len({*map(len, cells)}) == 1 < len({len(cell.strip()) for cell in cells})
    )


def _wholeness(marks: Marks, rows: Sequence[Row]) -> float:
    """Return a factor below 1 where the delimiter is longer, or it is the tab."""
    if _leaves_tabs(marks, rows):
        return LEFT_TABS
    if len(rows[0].cells) > 2 and not any(rows[0].cells[1::2]):  # noqa: PLR2004
        between = [cell != "" for row in rows for cell in row.cells[1::2]]
        if sum(between) <= FEW_OF * len(between):
            return 0.5  # `a;;b;;c`
    return 1.0


def _bareness(marks: Marks, rows: Sequence[Row], consistency: float) -> float:
    """Return a factor below 1 where spaces split what was not meant to be split."""
    if marks.delimiter != " ":
        return 1.0
    if _leaves_marks(rows) or _is_moved(rows):
        return 0.05  # `1 ; a` and `1, a`: spaces are beside the delimiter
    cells = [item for row in rows[1:] for item in zip(row.cells, row.quoted, strict=True)]
    if consistency < MOSTLY:
        return 0.1
    if any(quoted and " " in cell for cell, quoted in cells):
        return 1 / LESS_USUAL[" "]  # as good as any
    kinds = [kind_of(cell) for cell, quoted in cells if not quoted]
    firm = len(cells) - len(kinds) + sum(kind not in {Kind.WORDS, Kind.EMPTY} for kind in kinds)
    filled = len(cells) - kinds.count(Kind.EMPTY)
    return 1.0 if filled and firm / filled >= COLUMNS_OF_SPACES else 0.1


def _leaves_tabs(marks: Marks, rows: Sequence[Row]) -> bool:
    """Tell whether as many tabs stand between words in the cells of each row: they part fields."""
    if "\t" in marks.delimiter or len(rows) == 1:
        return False
    texts = (
        [cell for cell, quoted in zip(row.cells, row.quoted, strict=True) if not quoted]
        for row in rows
    )
    counts = {sum(len(BETWEEN_WORDS.findall(text)) for text in cells) for cells in texts}
    return len(counts) == 1 and 0 not in counts


def _is_moved(rows: Sequence[Row]) -> bool:
    """Tell whether spaces bring the first cells to one length, before cells in quotes."""
    moved = sum(row.cells[:2] == ("", "") for row in rows)
    return moved >= MOSTLY * len(rows) and any(any(row.quoted) for row in rows)


def _leaves_marks(rows: Sequence[Row]) -> bool:
    """Tell whether in a column all cells begin, or end, with the same usual delimiter."""
    columns = zip(*(row.cells for row in rows), strict=True)
    edges = ({cell[at] for cell in cells} for cells in columns if all(cells) for at in (0, -1))
    return len(rows) > 1 and any(len(marks) == 1 and marks <= USUAL.keys() for marks in edges)
