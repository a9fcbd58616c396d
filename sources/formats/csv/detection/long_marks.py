"""Whether all of a delimiter of several characters parts fields, or some of it belongs to cells.

What all cells of a column begin with is no part of the delimiter if the names do not begin with it
(`, ` parts them in `id, tag` above `1, #red`), nor, where there are no names, if a usual delimiter
explains all rows as well: `a;*` has two cells, and `a;;1` three, of which one is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sources.formats.csv.detection.columns import columns_of, looks_like_data, looks_like_names
from sources.formats.csv.detection.reading import Marks, Row
from sources.formats.csv.detection.scoring import Attempt, attempt

USUAL = (",", ";", "\t", "|")
SINGLE = (*USUAL, ":")
TWO, THREE = 2, 3  # columns


def without_rest(text: str, best: Attempt, ways: Sequence[Marks], *, cut: bool) -> Attempt:
    """Return `best`, or a reading with that part of its delimiter only that parts fields."""
    if len(best.marks.delimiter) == 1:
        return best
    if len(_first(best).cells) == best.width:
        return _with_usual_mark(text, best, ways, cut=cut)
    return _with_names(text, best, ways, cut=cut)


def fit(made: Attempt) -> int:
    """Return how many rows have as many cells as the table."""
    return sum(len(row.cells) == made.width for row in made.rows)


def _with_names(text: str, best: Attempt, ways: Sequence[Marks], *, cut: bool) -> Attempt:
    """Return `best`, or a reading in which only the first row fits, too: spaces may lack in it."""
    mark = best.marks.delimiter
    shorter = [
        attempt(text, marks, cut=cut)
        for marks in ways
        if marks.delimiter.strip(" ") not in {"", mark.strip(" ")}
        and marks.delimiter in mark
        and marks == replace(best.marks, delimiter=marks.delimiter)
    ]
    fuller = [
        made
        for made in shorter
        if len(_first(made).cells) == made.width == best.width < 2 * _first(made).filled
    ]
    return max(fuller, key=lambda made: (fit(made), len(made.marks.delimiter)), default=best)


def _with_usual_mark(text: str, best: Attempt, ways: Sequence[Marks], *, cut: bool) -> Attempt:
    """Return `best`, or a reading with a usual part of its delimiter that all rows fit in.

    Marks that read the same from both ends, as `|~|`, are delimiters; doubled ones (`;;`) only
    above names, or if they part more than two fields.
    """
    mark = best.marks.delimiter.strip(" ")
    is_doubled = best.width == TWO and mark in {usual * 2 for usual in USUAL}
    if _has_names(best) or (mark == mark[::-1] and not is_doubled):
        return best
    single = [
        attempt(text, marks, cut=cut)
        for marks in ways
        if marks.delimiter in SINGLE
        and marks.delimiter in mark
        and marks == replace(best.marks, delimiter=marks.delimiter)
    ]
    fitting = (made for made in single if _fits(made) and made.width >= best.width)
    return next((made for made in fitting if not is_doubled or _has_a_gap(made)), best)


def _fits(made: Attempt) -> bool:
    return all(len(row.cells) == made.width for row in made.rows if not row.is_blank)


def _has_a_gap(made: Attempt) -> bool:
    """Tell whether rows of three cells surely are all data, so that one may always be empty."""
    return made.width == THREE and looks_like_data(_first(made), columns_of(made.rows, THREE))


def _has_names(made: Attempt) -> bool:
    return looks_like_names(_first(made), columns_of(made.rows, made.width))


def _first(made: Attempt) -> Row:
    """Return the first row that is not blank."""
    blank = Row(cells=("",), quoted=(False,), line=0, end="")
    return next((row for row in made.rows if not row.is_blank), blank)
