from __future__ import annotations

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_terms import RowTerms


def test_the_longest_row_is_seen_with_the_byte_behind_it() -> None:
    terms = RowTerms(file="f", dialect=Dialect(), width=2, max_row_bytes=10)
    assert terms.longest == 11
