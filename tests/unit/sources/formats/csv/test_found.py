from __future__ import annotations

import numpy as np

from definitions.model import RecordEnd
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import Limits, cut_by_lines
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.found import FoundRows
from sources.formats.csv.lazy_faults import Where
from sources.formats.csv.problems import UNCLOSED_QUOTE, wrong_width
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import index_structure

TERMS = RowTerms(file="f", dialect=Dialect(record_end=RecordEnd.LF), width=2)
TEXT = b'1,2\n3\n\n4,5\n"6\n7,8\n'  # rows 11 to 15; the second and the fourth are faulty


def found() -> FoundRows:
    """Return the rows of a part of a buffer that begins at the place 100."""
    limits = Limits(width=2, max_row_bytes=1000, longest=1001, final=True)
    cuts = cut_by_lines(index_structure(TEXT, TERMS.dialect), limits)
    checks = check(cuts, 2)
    numbers, lines = 10 + np.cumsum(checks.is_row), 20 + np.arange(cuts.count)
    return FoundRows(cuts=cuts, checks=checks, base=100, numbers=numbers, lines=lines)


def test_places_are_those_in_the_buffer() -> None:
    rows = found()
    assert rows.end == 100 + len(TEXT)
    assert list(rows.where(np.array([1, 3]))) == [
        Where(row=12, line=21, begin=104, end=106),
        Where(row=13, line=23, begin=107, end=111),
    ]


def test_rows_are_taken_through_a_fault() -> None:
    some, others = found().through_fault(1)
    assert others is not None
    assert (some.numbers.tolist(), some.end) == ([11, 12], 106)
    assert (others.numbers.tolist(), others.lines.tolist()) == ([12, 13, 14, 15], [22, 23, 24, 25])
    last, rest = others.through_fault(2)
    assert (last.numbers.tolist(), rest) == ([12, 13, 14, 15], None)


def test_faulty_rows_are_told_with_their_problems() -> None:
    malformed = found().malformed(TERMS)
    assert (malformed.rows.tolist(), malformed.lines.tolist()) == ([12, 14], [21, 24])
    assert (malformed.begins.tolist(), malformed.ends.tolist()) == ([104, 111], [106, 114])
    problems = [malformed.problems[kind] for kind in malformed.kinds.tolist()]
    assert problems == [wrong_width(2, 1), UNCLOSED_QUOTE]


def test_of_some_rows_the_faulty_ones_are_told_with_their_problems() -> None:
    rows = found()
    assert rows.problems(np.array([0, 3, 4]), TERMS) == [UNCLOSED_QUOTE]
    assert rows.problems(np.arange(5), TERMS) == [wrong_width(2, 1), UNCLOSED_QUOTE]
    assert rows.problems(np.array([0]), TERMS) == []
