"""A quoted field longer than a row may be: its lines are no rows, and one fault tells of it all.

It is told from a quote that somebody forgot to close by its lines, few of which have the fields of
a row. Only doubled quotes can be counted, whatever stands between them.
"""

from __future__ import annotations

import numpy as np

from sources.formats.csv.cuts import count_fields
from sources.formats.csv.marks import Marks, places_between
from sources.formats.csv.quoting import outside_quotes
from sources.formats.csv.record import Shape

MOST_GOOD_LINES = 0.2  # of a text that is no rows


def is_long_field(marks: Marks, start: int, shape: Shape) -> bool:
    """Tell whether the row that begins at `start` has a field of several lines that is too long."""
    end = start + shape.max_record
    if end >= len(marks.text) or not marks.dialect.doubles or shape.width == 1:
        return False
    quotes = places_between(marks.quotes, start, end)
    ends = places_between(marks.ends, start, end)
    if len(ends) < 2 or not len(quotes) or len(outside_quotes(ends, quotes)):  # noqa: PLR2004
        return False
    delimiters = places_between(marks.delimiters, int(ends[0]) + 1, end)
    good = np.count_nonzero(count_fields(delimiters, ends[1:]) == shape.width)
    return bool(good <= MOST_GOOD_LINES * (len(ends) - 1))
