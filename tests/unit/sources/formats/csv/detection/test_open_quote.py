from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.open_quote import before_open_quote

HEAD = 'id,text,price\n1,"a ""b""\nc",2\n'
PROSE = "lorem ipsum, dolor; sit amet\n" * 9_000


@pytest.mark.parametrize(
    ("text", "before"),
    [
        (HEAD + '2,"' + PROSE, HEAD),
        (HEAD + "2,b,3\n", ""),
        (HEAD + '2,b 5" wide,3\n', ""),
        ('"' + PROSE, ""),
        ('id,text\n1,"' + PROSE, ""),
    ],
)
def test_the_lines_before_a_quote_that_stays_open_are_found(text: str, before: str) -> None:
    assert before_open_quote(text) == before


def detected(text: str) -> tuple[bytes, int]:
    found = detect(text.encode()[: 1 << 20], FileFormat(), frozenset(), complete=False)
    return found.dialect.delimiter, found.width


def test_prose_in_a_field_that_is_longer_than_what_is_looked_at_is_no_table() -> None:
    assert detected(HEAD + '2,"' + PROSE) == (b",", 3)
    assert detected("id,text,price\n1,a,2\n" + '2,"' + PROSE) == (b",", 3)


def test_rows_behind_a_quote_that_is_never_closed_are_looked_at() -> None:
    rows = "".join(f"{i};x, y;{i},5\n" for i in range(5_000))
    assert detected('a;b;c\n1;2;3\n4;"5;6\n' + rows) == (b";", 3)
