from __future__ import annotations

import pytest

from sources.formats.csv.detection.columns import Trait
from sources.formats.csv.detection.kinds import Kind
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.other_delimiter import with_other_delimiter
from sources.formats.csv.row_terms import RowTerms

NUMBER = Trait(kind=Kind.NUMBER, is_full=True)
DAY = Trait(kind=Kind.DATE, is_full=True)
WORDS = Trait(kind=None, is_full=True)
TRAITS = (DAY, WORDS, WORDS, NUMBER)


def cells(text: bytes, traits: tuple[Trait, ...]) -> list[bytes] | None:
    found = with_other_delimiter(
        text, None, RowTerms(file="f.csv", dialect=Dialect(), width=4, traits=traits)
    )
    return found.cells if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"2026-01-02;a b;c;7", [b"2026-01-02", b"a b", b"c", b"7"]),
        (b"2026-01-02 a b 7", [b"2026-01-02", b"a", b"b", b"7"]),
        (b'2026-01-02 a b "c, d e" 7', [b"2026-01-02", b"a b", b"c, d e", b"7"]),
        (b'2026-01-02 "a b" c d 7', [b"2026-01-02", b"a b", b"c d", b"7"]),
        (b"2026-01-02 a b c 7", None),
        (b'2026-01-02 a b "c d" e', None),
        (b"2026-01-02 a" + 9 * b" b" + b" 7", None),
        (b"2026-01-02;a;b;c;7", None),
        (b"2026-01-02;a|b;c|d;7|", None),
    ],
)
def test_a_row_is_parted_by_another_delimiter_if_only_that_one_does(
    text: bytes, expected: list[bytes] | None
) -> None:
    assert cells(text, TRAITS) == expected


def test_words_are_joined_where_a_single_way_suits_the_columns() -> None:
    last = (DAY, NUMBER, WORDS, WORDS)
    assert cells(b'2026-01-02 7 a b "c d"', last) == [b"2026-01-02", b"7", b"a b", b"c d"]
    assert cells(b"2026-01-02 7 a b c", last) is None


def test_where_nothing_is_known_of_the_columns_no_words_are_joined() -> None:
    assert cells(b'2026-01-02 a b "c d" 7', (WORDS,) * 4) is None
    assert cells(b'2026-01-02 a b "c d" 7', ()) is None
    assert cells(b"2026-01-02 a b 7", ()) == [b"2026-01-02", b"a", b"b", b"7"]


def test_spaces_part_nothing_where_another_delimiter_does() -> None:
    assert cells(b"P-7;25 kg;6.8 cm;a b", ()) == [b"P-7", b"25 kg", b"6.8 cm", b"a b"]
    assert cells(b"at 10:15:00;b;c:d;e", ()) == [b"at 10:15:00", b"b", b"c:d", b"e"]
