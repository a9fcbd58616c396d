"""What the first line of a table tells where the others do not: how many columns there are.

Rows may have now more and now fewer fields, because texts with delimiters are not in quotes. Names
have none of those, and so they tell the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sources.formats.csv.detection.kinds import Kind, kind_of
from sources.formats.csv.detection.reading import LINE_END, Marks, Row
from sources.formats.csv.detection.torn import are_torn

ENOUGH_ROWS = 5
ENOUGH_FULL = 3  # rows that have a cell below each name


def width_told_by_names(rows: Sequence[Row], usual: int) -> int:
    """Return how many names the first of `rows` has, `usual` if rows of that width are most.

    Rows of which most end before their last columns, as nothing is in these, are no reason to
    doubt the names if several have them all and none has more. Nor are rows that a delimiter in a
    cell makes longer. Where rows are uneven, all of them may lack cells.
    """
    filled = [row for row in rows if not row.is_blank]
    if len(filled) < 2 or not are_names(filled[0]):  # noqa: PLR2004
        return usual
    widths = [len(row.cells) for row in filled[1:]]
    width = len(filled[0].cells)
    if width == max(widths) > usual and widths.count(width) >= ENOUGH_FULL:
        return width
    if usual == width + 1 and are_torn(filled[1:], width):
        return width
    fitting = sum(len(row.cells) == usual for row in filled)
    if fitting * 2 > len(filled) or _follow_each_other(filled, usual) or _stand_apart(rows, usual):
        return usual
    return width if min(widths) <= width else usual


def has_commas_above_numbers(rows: Sequence[Row]) -> bool:
    """Tell whether commas part the words directly above the first line of another kind.

    That may be numbers with a comma: they are cells of several columns then.
    """
    lines = [row.cells[0] for row in rows]
    untyped = [kind_of(line) in {Kind.WORDS, Kind.EMPTY} for line in lines]
    pairs = zip(lines, untyped, untyped[1:], strict=False)
    above = next(
        (line for line, is_above, is_below in pairs if is_above and not is_below), lines[0]
    )
    return "," in above


def _follow_each_other(rows: Sequence[Row], width: int) -> bool:
    """Tell whether several rows of a width follow each other up to the end, below a title."""
    others = [place for place, row in enumerate(rows) if len(row.cells) != width]
    return len(rows) - 1 - max(others, default=-1) >= ENOUGH_ROWS


def _stand_apart(rows: Sequence[Row], width: int) -> bool:
    """Tell whether a blank line parts rows of a width from others, of which few are behind it."""
    blank = max((place for place, row in enumerate(rows) if row.is_blank), default=0)
    behind = [len(row.cells) for row in rows[blank + 1 :]]
    before = [len(row.cells) for row in rows[:blank]]
    fitting = behind.count(width)
    return fitting > 2 * (len(behind) - fitting) + 1 and width not in before


def with_mended_names(rows: list[Row], text: str, marks: Marks, width: int) -> list[Row]:
    """Return `rows`, the first one without its quotes if it has `width` cells only then.

    A quote that is not closed, or is not opened, takes delimiters for text.
    """
    place = next((place for place, row in enumerate(rows) if not row.is_blank), len(rows))
    if place == len(rows) or not rows[place].stray or len(rows[place].cells) == width:
        return rows
    line = LINE_END.split(text, rows[place].line + 1)[rows[place].line]
    cells = tuple(cell.strip(marks.quote) for cell in line.split(marks.delimiter))
    mended = replace(rows[place], cells=cells, quoted=(False,) * len(cells))
    if len(cells) != width or not are_names(mended):
        return rows
    return [*rows[:place], mended, *rows[place + 1 :]]


def are_names(row: Row) -> bool:
    """Tell whether a row has several cells, which are words, each another, and no sentence."""
    are_words = all(kind_of(cell) is Kind.WORDS for cell in row.cells)
    is_prose = any(cell.startswith(" ") for cell in row.cells[1:])
    return are_words and not is_prose and 1 < len(row.cells) == len(set(row.cells))
