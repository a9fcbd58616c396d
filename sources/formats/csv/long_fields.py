"""A quoted field longer than a row may be: its lines are no rows, and one fault tells of it all.

It is told from a quote that somebody forgot to close by its lines, few of which have the fields of
a row. Only doubled quotes can be counted, whatever stands between them.
"""

from __future__ import annotations

import numpy as np

from sources.formats.csv.cuts import count_fields
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import StructuralIndex

MOST_GOOD_LINES = 0.2  # of a text that is no rows


def is_long_field(index: StructuralIndex, start: int, terms: RowTerms) -> bool:
    """Tell whether the row that begins at `start` has a field of several lines that is too long."""
    end = start + terms.max_row_bytes
    if end >= len(index.text) or not index.dialect.doubles or terms.width == 1:
        return False
    numbers = index.between(start, end)
    ends = index.line_ends_among(numbers)
    if len(ends) < 2 or not index.are_odd(ends, numbers.start).all():  # noqa: PLR2004
        return False
    behind = slice(int(ends[0]) + 1, numbers.stop)
    delimiters = behind.start + np.flatnonzero(index.are_delimiters[behind])
    good = np.count_nonzero(count_fields(delimiters, ends[1:]) == terms.width)
    return bool(good <= MOST_GOOD_LINES * (len(ends) - 1))
