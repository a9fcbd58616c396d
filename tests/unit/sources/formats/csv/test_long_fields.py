from __future__ import annotations

import tracemalloc

import pytest

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.long_fields import is_long_field
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import index_structure

TEXT = b'1,"' + b"some text, and more, and more\n" * 50
ONE_GOOD_LINE = b'1,"a\n2,b\n'


@pytest.mark.parametrize(
    ("text", "dialect", "width", "expected"),
    [
        (TEXT, Dialect(), 2, True),
        (TEXT[:90], Dialect(), 2, False),  # it may end in time
        (TEXT, Dialect(escape=b"\\"), 2, False),
        (TEXT, Dialect(), 1, False),
        (TEXT, Dialect(), 3, False),  # its lines are rows
        (ONE_GOOD_LINE + b"text\n" * 4 + b"x" * 500, Dialect(), 2, True),  # one in five
        (ONE_GOOD_LINE + b"text\n" * 3 + b"x" * 500, Dialect(), 2, False),  # one in four
        (b'1,"' + b"x" * 500, Dialect(), 2, False),
        (b'1,"a\n"\n' + TEXT, Dialect(), 2, False),
        (b"1,a\n" * 90, Dialect(), 2, False),
    ],
)
def test_a_long_field_is_told_from_rows(
    text: bytes, dialect: Dialect, width: int, expected: bool
) -> None:
    terms = RowTerms(file="f", dialect=dialect, width=width, max_row_bytes=100)
    assert is_long_field(index_structure(text, dialect), 0, terms) is expected


def test_a_look_at_a_row_full_of_quotes_keeps_nothing() -> None:
    """The places of all of them take eight times as much as the row does."""
    text = b'"\n' + b'""' * 500_000 + b'\n",' + b"x" * 10
    index = index_structure(text, Dialect())
    terms = RowTerms(file="f", dialect=Dialect(), width=2, max_row_bytes=len(text) - 5)

    tracemalloc.start()
    is_long_field(index, 0, terms)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert kept < 2 * len(text)
