from __future__ import annotations

import pytest

from sources.formats.csv.detection.kinds import Kind
from sources.formats.csv.detection.run_together import is_run_together, kinds_of_columns

NUMBER, DATE, WORDS, ADDRESS = Kind.NUMBER, Kind.DATE, Kind.WORDS, Kind.ADDRESS


def test_a_column_is_of_the_kind_that_all_its_cells_have() -> None:
    rows = [("1", "2024-01-01", "Eva", "5", ""), ("2", "", "7", "1.5", "")]
    assert kinds_of_columns(rows) == [NUMBER, DATE, WORDS, NUMBER, WORDS]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2024-01-28 Eva 5", (DATE, WORDS, NUMBER)),
        ("2024-01-28Eva Maria5.50", (DATE, WORDS, NUMBER)),
        ("2024-03-1123Eva@example.com", (DATE, NUMBER, ADDRESS)),
        ("12 5.5 7", (NUMBER, NUMBER, NUMBER)),
        ("Eva@example.com 29.28 ", (ADDRESS, NUMBER)),
        ("8 2024-01-28 Eva", (NUMBER, DATE, WORDS)),
    ],
)
def test_cells_without_delimiters_are_a_row(text: str, kinds: tuple[Kind, ...]) -> None:
    assert is_run_together(text, kinds)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("98 rows exported", (NUMBER, WORDS, NUMBER)),
        ("98 rows of 100", (NUMBER, WORDS, NUMBER)),
        ("98 rows of 100", (NUMBER, WORDS)),
        ("98 rows of 100", (NUMBER, DATE, WORDS)),
        ("Total 2024-01-28 5", (WORDS, DATE, NUMBER)),
        ("Exported on 2024-01-28, 5 rows", (DATE, WORDS, NUMBER)),
        ("2024-01-28: all of it", (DATE, WORDS, NUMBER)),
        ("2024-01-28 5 rows", (DATE, NUMBER)),
        ("2024-01-28" + "x" * 300 + "5", (DATE, WORDS, NUMBER)),
    ],
)
def test_what_may_be_a_sentence_is_none(text: str, kinds: tuple[Kind, ...]) -> None:
    assert not is_run_together(text, kinds)
