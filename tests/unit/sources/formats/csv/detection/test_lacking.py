"""Rows that end before the last columns are told from lines of one column."""

from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.lacking import lack_cells
from sources.formats.csv.detection.reading import Marks, read_rows


def lack(text: str) -> bool:
    return lack_cells(read_rows(text, Marks(delimiter=",")))


def test_rows_lack_cells_below_names_that_others_fill() -> None:
    assert lack("name,note\nAnna,\nBob,\nCid\n")
    assert lack("name,note,day\nAnna,b,c\nBob,c\nCid,d,e\n")


@pytest.mark.parametrize(
    "text",
    [
        "name,note\nAnna,\nBob\nCid\n",  # one may be chance
        "name,note\nAnna,a\nBob,b\nCid,c\n",  # none lacks any
        "name,note\nAnna,a\nBob,b\nCid\nDora,e,f\n",  # one has more than there are names
        "5,note\nAnna,a\nBob,b\nCid\n",  # there are no names
        "well,no\nyes, of course\nand,yes\nno\n",  # these are sentences
    ],
)
def test_other_rows_do_not(text: str) -> None:
    assert not lack(text)


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("count", [30, 200])
def test_rows_of_excel_that_lack_cells_have_their_delimiter(delimiter: str, count: int) -> None:
    full = "".join(f"Room {i}{delimiter}\n" for i in range(15))
    rest = "".join(f"Room {i}\n" for i in range(15, count))
    numbers = (full + rest).replace("Room ", "")
    for rows in (full + rest, numbers):
        text = f"name{delimiter}note\n{rows}".encode()
        found = detect(text, FileFormat(), frozenset(), complete=True)
        assert found.dialect.delimiter == delimiter.encode()
