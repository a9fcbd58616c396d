"""Round quotes around cells become straight ones, however the text comes."""

from __future__ import annotations

import pytest

from sources.straightening import RoundQuotes, Straightening, straightener

COMMA = RoundQuotes("“”„‟", ",")
FRENCH = RoundQuotes("«»", ";")


def straight(text: str, quotes: RoundQuotes = COMMA) -> str:
    return straightener(quotes)(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“d, e”,f\n„g“,”h”\r\n“i”", '"d, e",f\n"g","h"\r\n"i"'),
        ('“5" x ““y”””,1', '"5"" x “y”",1'),
        ("said “no” twice,“a\nb”", "said “no” twice,“a\nb”"),
        ('"a,“b”,c",“d”', '"a,“b”,c","d"'),
        ("“a“,“b,“c\n“d”", '"a",“b,“c\n"d"'),
        ("“”,x,””", '"",x,""'),
        ("“a ““b””, c”,1", '"a “b”, c",1'),
    ],
)
def test_quotes_around_cells_become_straight(text: str, expected: str) -> None:
    assert straight(text) == expected


def test_a_space_at_both_ends_is_that_of_french_quotes() -> None:
    assert straight("«\u00a0a; b\u00a0»;« c »;«d »", FRENCH) == '"a; b";"c";"d "'


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_text_in_pieces_is_straightened_by_lines(size: int) -> None:
    text = "“d, e”,f\n„g“,”h”\n“i”".encode()
    change = Straightening(COMMA)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    out = b"".join([*(change(piece, last=False) for piece in pieces), change(b"", last=True)])
    assert out == straight(text.decode()).encode()


def test_a_line_of_quotes_that_are_not_closed_is_looked_at_once() -> None:
    line = ",“a" * 300_000  # in the square of that it would take hours
    is_same = straight(line) == line
    assert is_same
