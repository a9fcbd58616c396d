"""Rows that have another delimiter than those around them.

It is one of the common ones, if a single way of reading gives the right number of fields. Spaces
and colons stand in texts as well: they part fields only if no other mark does, and if these suit
what the columns hold. Then one field may be several words; those in quotes are whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sources.formats.csv.alignment import MOST_TOO_MANY, Aligned
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_parser import KNOWN_GRAMMARS, ParsedRow
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.whole_row import parse_whole_row

COMMON_DELIMITERS = (b",", b";", b"\t", b"|", b"||", b"~", b"^", b":", b" ")
IN_TEXT = frozenset({b" ", b":"})
FEWEST_SUITING, FEWEST_COLUMNS = 2, 3


def with_other_delimiter(
    content: bytes, first: ParsedRow | None, terms: RowTerms
) -> Aligned | None:
    """Return the cells of a row that another delimiter parts; None if it cannot be told.

    `first` is how it is read with the usual one, if it can be.
    """
    ways = [
        (mark, cells)
        for mark, dialect in _parted_otherwise(terms.dialect).items()
        if content.count(mark) + 1 >= terms.width
        and not (mark in terms.dialect.delimiter and terms.dialect.delimiter in content)
        for cells in _cells(content, dialect, terms)
        if mark not in IN_TEXT or _suit(cells, first, terms)
    ]
    likely = [way for way in ways if way[0] not in IN_TEXT] or ways
    if len(likely) != 1:
        return None
    mark, cells = likely[0]
    return Aligned(cells=cells, how=f"it is read with {mark.decode()!r} between fields")


@lru_cache(maxsize=KNOWN_GRAMMARS)
def _parted_otherwise(dialect: Dialect) -> Mapping[bytes, Dialect]:
    """Return `dialect` with each of the other delimiters; most rows of a file ask for the same."""
    others = {dialect.delimiter, dialect.quote, dialect.escape}
    return {
        mark: replace(dialect, delimiter=mark) for mark in COMMON_DELIMITERS if mark not in others
    }


def _cells(content: bytes, dialect: Dialect, terms: RowTerms) -> Iterator[list[bytes]]:
    """Yield the ways to have as many cells as there are columns."""
    most, mark = terms.width + MOST_TOO_MANY, dialect.delimiter
    row = parse_whole_row(content, dialect, most)
    if row is None or row.stray_quote or not terms.width <= row.width <= most:
        return
    if row.width == terms.width:
        yield row.fields
    elif mark in IN_TEXT and _are_told(terms):
        count = row.width - terms.width + 1
        for at in range(terms.width):
            words = row.fields[at : at + count]
            if not any(mark in word for word in words):
                yield [*row.fields[:at], mark.join(words), *row.fields[at + count :]]


def _are_told(terms: RowTerms) -> bool:
    """Tell whether it is known what any of the columns holds."""
    return any(trait.kind for trait in terms.traits)


def _suit(cells: Sequence[bytes], first: ParsedRow | None, terms: RowTerms) -> bool:
    """Tell whether cells suit their columns that may as well be the words of a text."""
    suiting = [
        trait.suits(text.decode(errors="replace"))
        for trait, text in zip(terms.traits, cells, strict=False)
    ]
    if _are_told(terms):
        return -1 not in suiting and sum(suiting) >= FEWEST_SUITING
    return terms.width >= FEWEST_COLUMNS and (first is None or 2 * first.width <= terms.width)
