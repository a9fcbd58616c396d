from __future__ import annotations

import pytest

from sources.formats.xlsx.footer import count_notes
from sources.formats.xlsx.sheet import SheetRow

TABLE = [(2, ["1", "Jana"]), (3, ["2", "Petr Novák"]), (4, ["3", ""])]
FULL = [(2, ["1", "Jana"]), (3, ["2", "Petr Novák"])]


def notes(*rows: tuple[int, list[str]]) -> int:
    told = [SheetRow(number=n, cells=cells, errors={}, too_long=False) for n, cells in rows]
    return count_notes(told)


@pytest.mark.parametrize(
    ("below", "count"),
    [
        ([(6, ["Source: the CRM"]), (7, ["Not to be passed on"])], 2),
        ([(6, ["", "Status: today"])], 1),
        ([(6, ["", "Jana Nová"])], 0),
        ([(6, ["Total", "2"]), (8, ["Not to be passed on"])], 1),
        ([(6, ["4"])], 0),
        ([(6, ["Total", "two rows"])], 0),
        ([(5, ["Not to be passed on"])], 0),
    ],
)
def test_sentences_behind_an_empty_row_are_notes(
    below: list[tuple[int, list[str]]], count: int
) -> None:
    assert notes(*TABLE, *below) == count


@pytest.mark.parametrize(
    ("below", "count"),
    [
        ([(4, ["Not to be passed on"])], 1),
        ([(4, ["", "Jana Nová"])], 0),
        ([(4, ["3"])], 0),
    ],
)
def test_sentences_directly_below_the_keys_of_full_rows_are_notes(
    below: list[tuple[int, list[str]]], count: int
) -> None:
    assert notes(*FULL, *below) == count


NAMED = [(2, ["Jana", "1"]), (3, ["Petr", "2"])]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mary Jane", 0),
        ("Blue shirt XL", 0),
        ("2024-01-01 12:00", 0),
        ("Source: CRM", 1),
        ("* not complete", 1),
        ("Not complete.", 1),
        ("Not to be passed on", 1),
    ],
)
@pytest.mark.parametrize("number", [4, 5])
def test_words_below_words_are_notes_only_if_they_are_more_than_a_name(
    text: str, count: int, number: int
) -> None:
    assert notes(*NAMED, (number, [text])) == count


def test_texts_in_one_column_are_no_notes() -> None:
    assert notes((2, ["a b"]), (3, ["c d"]), (5, ["e f"])) == 0
    assert notes((2, ["1", "x"]), (4, ["a note"])) == 0
