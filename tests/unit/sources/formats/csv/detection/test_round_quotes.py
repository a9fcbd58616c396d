"""Round quotes are quotes of cells where all of them stand so, and rows need them."""

from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.round_quotes import find_round_quotes
from sources.straightening import RoundQuotes


def found(text: str, layout: FileFormat | None = None) -> RoundQuotes | None:
    return find_round_quotes(text.encode(), layout or FileFormat(), complete=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,c\n“d, e”,f\n“g, x”,h\n", RoundQuotes("“”„‟", ",")),
        ("name;c\n„d; e“;f\n„g, x“;h\n„i“;„j“\n", RoundQuotes("“”„‟", ";")),
        ("“id”,”name”\n“1”,”Anna”\n", RoundQuotes("“”„‟", ",")),
        ("nom;c\n«d; e»;f\n«g»;h\n", RoundQuotes("«»", ";")),
    ],
)
def test_quotes_that_rows_need_are_found(text: str, expected: RoundQuotes) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "author;words\nGoethe;„Alles ist gedacht.“\nSchiller;„Der Starke.“\n",  # quotations
        "name,c\n“d, e”,f\nsaid “g”,h\n",  # one is in a text
        "name,c\n“d, e”,f\n“g, x,h\n",  # one is not closed
        "name,c\nd,f\n",
        "“a title”\nname,c\nd,f\n",
    ],
)
def test_quotes_that_are_text_stay_text(text: str) -> None:
    assert found(text) is None


def test_a_given_quote_is_the_only_one() -> None:
    assert found("name,c\n“d, e”,f\n“g, x”,h\n", FileFormat(quote='"')) is None


def test_a_given_delimiter_parts_the_cells() -> None:
    text = "name|c\n“d| e”|f\n“g, x”|h\n"
    assert found(text, FileFormat(delimiter="|")) == RoundQuotes("“”„‟", "|")
    assert found(text, FileFormat(delimiter=";")) is None
