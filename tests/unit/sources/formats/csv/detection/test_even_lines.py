from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import Expected, best_attempt, ways_to_read

LISTS = "Home|Kids|Books,16.42\nHome|Kids|Toys,45.58\nHome|Garden|Tools,5.00\n" * 4


def delimiter_of(text: str) -> str:
    return best_attempt(
        text, ways_to_read(text, FileFormat()), Expected(), cut=False
    ).marks.delimiter


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_names_tell_which_of_two_marks_is_in_texts(mark: str) -> None:
    assert delimiter_of("cats,price\n".replace(",", mark) + LISTS.replace(",", mark)) == mark
    assert delimiter_of("\nname,cats\n".replace(",", mark) + LISTS.replace(",", mark)) == mark


@pytest.mark.parametrize(
    "title",
    [
        "All goods",
        "Goods, all",  # a sentence
        "a,b,c",  # not as many as the rows have
        "1,2",
    ],
)
def test_a_title_tells_nothing(title: str) -> None:
    assert delimiter_of(f"{title}\n{LISTS}") == "|"


def test_spaces_part_names_above_other_kinds() -> None:
    rows = "".join(f"https://ex.org/?a={i}&b;c {200 + i} {i}.5\n" for i in range(9))
    assert delimiter_of("link status seconds\n" + rows) == " "
    assert delimiter_of("mac ip port\n" + "00:1b:00:da:3a:b7 10.0.0.2 80\n" * 9) == " "
    assert delimiter_of("Monthly sales report\n" + "Anna of Ulm;Bert\n" * 9) == ";"
