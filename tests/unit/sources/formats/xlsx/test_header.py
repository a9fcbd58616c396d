from __future__ import annotations

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.formats.xlsx.header import Header, find_header
from sources.formats.xlsx.sheet import SheetRow

ROWS = [(2, ["Report"]), (4, ["", "a", " b "]), (5, ["x", "", "b"]), (6, ["1", "2", "3", "4"])]


def header(layout: FileFormat, rows: list[tuple[int, list[str]]] = ROWS) -> Header:
    told = (SheetRow(number=n, cells=cells, errors={}, too_long=False) for n, cells in rows)
    return find_header(told, layout, "f.xlsx")


@pytest.mark.parametrize(
    ("layout", "names", "named", "last_row"),
    [
        (FileFormat(), ("column_1", "a", "b"), True, 4),
        (FileFormat(skip_rows=0), ("Report",), True, 2),
        (FileFormat(skip_rows=2), ("column_1", "a", "b"), True, 4),
        (FileFormat(skip_rows=3, header_rows=2), ("x", "a", "b b"), True, 5),
        (FileFormat(skip_rows=5, header_rows=0), tuple(f"column_{n}" for n in "1234"), False, 5),
        (FileFormat(header_rows=0), tuple(f"column_{n}" for n in "1234"), False, 0),
        (FileFormat(skip_rows=5, header_rows=0, column_names=("u", "v")), ("u", "v"), True, 5),
        (FileFormat(skip_rows=3, column_names=("u", "v")), ("u", "v"), True, 4),
    ],
)
def test_the_header_is_where_the_definition_says(
    layout: FileFormat, names: tuple[str, ...], named: bool, last_row: int
) -> None:
    found = header(layout)
    assert (found.names, found.named, found.last_row) == (names, named, last_row)


@pytest.mark.parametrize(
    ("rows", "last_row"),
    [
        ([["id"], ["1"], ["2", "a note"], ["3"]], 1),
        ([["id"], ["1"], ["2"]], 1),
        ([["Report"], ["id", "name"]], 1),
        ([["Report"], ["of", ""], ["id", "name"], ["1", "x"]], 3),
        ([["Report"], ["id", "name"], ["1", "x"], ["2"], ["3", "y"]], 2),
    ],
)
def test_single_cells_are_titles_only_above_a_wider_table(
    rows: list[list[str]], last_row: int
) -> None:
    assert header(FileFormat(), list(enumerate(rows, start=1))).last_row == last_row


def test_an_empty_sheet_and_too_many_columns_are_errors() -> None:
    with pytest.raises(FormatError, match=r"the sheet of 'f\.xlsx' is empty"):
        header(FileFormat(), [])
    with pytest.raises(FormatError, match="has 10001 columns; at most 10000 work"):
        header(FileFormat(), [(1, ["x"] * 10_001)])
