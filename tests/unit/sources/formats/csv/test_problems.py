from __future__ import annotations

import numpy as np
import pytest

from definitions.model import RecordEnd
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import Limits, cut_by_lines
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.problems import (
    STRAY_QUOTE,
    UNCLOSED_QUOTE,
    kinds_of,
    too_long,
    unended,
    wrong_width,
)
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import index_structure
from sources.gathering import NOT_TEXT

TERMS = RowTerms(file="f", dialect=Dialect(record_end=RecordEnd.LF), width=2, max_row_bytes=9)


def test_every_faulty_row_has_its_problem() -> None:
    text = b'1\n\xff,2\n3,4\n"5"x,6\n"1234567890\n7,8,9\n10\n"11\n'
    limits = Limits(width=2, max_row_bytes=9, longest=10, final=True)
    cuts = cut_by_lines(index_structure(text, TERMS.dialect), limits)
    checks = check(cuts, 2)
    rows = np.flatnonzero(checks.faulty)
    kinds, problems = kinds_of(rows, cuts, checks, TERMS)
    assert [problems[kind] for kind in kinds.tolist()] == [
        wrong_width(2, 1),
        NOT_TEXT,
        STRAY_QUOTE,
        too_long(9),
        wrong_width(2, 3),
        wrong_width(2, 1),
        UNCLOSED_QUOTE,
    ]
    assert len(problems) == 6


@pytest.mark.parametrize(("size", "problem"), [(9, UNCLOSED_QUOTE), (10, too_long(9))])
def test_a_row_without_end_is_unclosed_or_too_long(size: int, problem: object) -> None:
    assert unended(size, TERMS) == problem
