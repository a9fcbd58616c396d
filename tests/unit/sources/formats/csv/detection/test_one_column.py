"""Lines that have fields in quotes behind a delimiter are hardly the cells of one column."""

from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.one_column import OF_ONE_KIND, OF_SEVERAL, ONE_COLUMN, worth_of
from sources.formats.csv.detection.reading import Marks, read_rows


def worth(text: str) -> float:
    return worth_of(read_rows(text, Marks(delimiter="\x00", quote=None)))


def test_lines_of_numbers_are_worth_more_than_words() -> None:
    assert worth("1\n2\n3\n") == pytest.approx(OF_ONE_KIND)
    assert worth("a b\nc\nd\n") == ONE_COLUMN
    assert ONE_COLUMN < worth("name\n1\n2\n") < OF_ONE_KIND


def test_lines_with_quotes_behind_the_delimiter_of_the_first_are_worth_little() -> None:
    assert worth('id,note\n0,"one\ntwo"\n1\n2\n3,"one\ntwo"\n') == OF_SEVERAL


def test_lines_of_which_some_have_the_delimiter_of_the_names_are_worth_little() -> None:
    assert worth("id,note\na,b\nb,\nc\nd\n") == OF_SEVERAL


@pytest.mark.parametrize(
    "text",
    [
        'id,note\na,"one\ntwo"\nb\nc\nd\n',  # one line may be chance
        'id\n0,"one\ntwo"\n3,"one\ntwo"\n',  # there are no names of several columns
        'first, then\nhe said,"no"\nshe said,"yes"\n',  # nor here
    ],
)
def test_other_lines_with_quotes_are_words(text: str) -> None:
    assert worth(text) == ONE_COLUMN


def test_rows_that_leave_out_empty_cells_are_no_lines_of_one_column() -> None:
    rows = "".join(f'{i},"one\ntwo"\n' if i % 5 == 0 else f"{i}\n" for i in range(40))
    text = f"id,note,z\n{rows}".encode()
    found = detect(text, FileFormat(), frozenset(), complete=True)
    assert found.dialect.delimiter == b","
