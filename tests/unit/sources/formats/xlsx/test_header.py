from __future__ import annotations

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.formats.xlsx.header import Header, HeaderTerms, find_header
from sources.formats.xlsx.sheet import SheetRow

ROWS = [(2, ["Report"]), (4, ["", "a", " b "]), (5, ["x", "", "b"]), (6, ["1", "2", "3", "4"])]


def header(layout: FileFormat, rows: list[tuple[int, list[str]]] = ROWS) -> Header:
    told = (SheetRow(number=n, cells=cells, errors={}, too_long=False) for n, cells in rows)
    return find_header(told, HeaderTerms(layout=layout, file="f.xlsx"))


@pytest.mark.parametrize(
    ("layout", "names", "named", "last_row"),
    [
        (FileFormat(), ("column_1", "a", "b"), True, 4),
        (FileFormat(skip_rows=0), ("Report",), True, 2),
        (FileFormat(skip_rows=2), ("column_1", "a", "b"), True, 4),
        (FileFormat(skip_rows=3, header_rows=2), ("x", "a", "b"), True, 5),
        (FileFormat(skip_rows=5, header_rows=0), tuple(f"column_{n}" for n in "1234"), False, 5),
        (FileFormat(header_rows=0), tuple(f"column_{n}" for n in "1234"), False, 0),
        (
            FileFormat(skip_rows=5, header_rows=0, column_names=tuple("uvwx")),
            tuple("uvwx"),
            True,
            5,
        ),
        (FileFormat(skip_rows=3, column_names=tuple("uvw")), tuple("uvw"), True, 4),
        (FileFormat(skip_rows=3, column_names=tuple("uvwx")), tuple("uvwx"), True, 4),
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


TABLE = [["", "id", "name"], ["", "1", "Jana"], ["", "2"], ["", "3", "Petr", "late"]]


@pytest.mark.parametrize(
    ("layout", "first"),
    [
        (FileFormat(column_names=("a", "b")), 1),
        (FileFormat(column_names=("a", "b", "c")), 0),  # as many as the row of names has
        (FileFormat(column_names=("a", "b", "c", "d")), 0),
        (FileFormat(skip_rows=1, header_rows=0, column_names=("a", "b", "c", "d")), 0),
        (FileFormat(skip_rows=3, header_rows=0, column_names=("a", "b", "c")), 1),
        (FileFormat(header_rows=0, column_names=tuple("abcde")), 1),  # the last one may be empty
    ],
)
def test_given_names_are_those_of_the_table_or_of_the_empty_columns_before_it_too(
    layout: FileFormat, first: int
) -> None:
    found = header(layout, list(enumerate(TABLE, start=1)))
    assert (found.names, found.first_column) == (layout.column_names, first)


@pytest.mark.parametrize(
    ("layout", "count", "columns"),
    [
        (FileFormat(column_names=("a",)), 1, 2),
        (FileFormat(column_names=tuple("abcde")), 5, 3),
        (FileFormat(header_rows=0, column_names=("a",)), 1, 2),
    ],
)
def test_given_names_of_another_number_than_the_columns_are_refused(
    layout: FileFormat, count: int, columns: int
) -> None:
    problem = rf"'column_names' has {count} names, but 'f\.xlsx' has {columns} columns; name each"
    with pytest.raises(FormatError, match=problem):
        header(layout, list(enumerate(TABLE, start=1)))


@pytest.mark.parametrize(
    ("layout", "problem"),
    [
        (FileFormat(skip_rows=6), "has 6 rows, and 'skip_rows' leaves out the first 6; give a sm"),
        (FileFormat(skip_rows=9, header_rows=0), "has 6 rows, and 'skip_rows' leaves out .* 9;"),
        (FileFormat(skip_rows=9, column_names=("u",)), "has 6 rows, and 'skip_rows' leaves out"),
        (FileFormat(header_rows=5), "has 4 rows where the header should have 5; give a smaller"),
        (FileFormat(skip_rows=4, header_rows=3), "has 2 rows behind the 4 skipped ones where the"),
    ],
)
def test_more_rows_than_the_sheet_has_cannot_be_left_out(layout: FileFormat, problem: str) -> None:
    with pytest.raises(FormatError, match=rf"the sheet of 'f\.xlsx' {problem}"):
        header(layout)


def test_an_empty_sheet_has_the_columns_that_are_given() -> None:
    assert header(FileFormat(column_names=("u", "v")), []).names == ("u", "v")
    assert header(FileFormat(header_rows=0), []).names == ()


def test_a_column_of_formulas_that_were_never_computed_is_one() -> None:
    row = SheetRow(number=1, cells=["1"], errors={}, uncomputed=(2,), too_long=False)
    terms = HeaderTerms(layout=FileFormat(header_rows=0), file="f.xlsx")
    assert len(find_header(iter([row]), terms).names) == 3


@pytest.mark.parametrize(
    ("rows", "gap"),
    [
        ([["id", "name", "", "sku"], ["1", "Jana", "", "A7"]], 3),
        ([["id", "", "sku"], ["1", "x", "A7"]], 0),
        ([["", "id", "name", " "], ["", "1", "Jana"]], 0),
        ([["id", "name"], ["1", "Jana"]], 0),
    ],
)
def test_an_empty_column_between_others_is_told(rows: list[list[str]], gap: int) -> None:
    assert header(FileFormat(), list(enumerate(rows, start=1))).gap == gap


DATA = [(1, ["Report"]), (3, ["Jana", "34.5"]), (4, ["Petr", "40"]), (5, ["Eva", "29"])]


def test_where_the_first_row_is_data_nothing_names_the_columns() -> None:
    found = header(FileFormat(), DATA)
    assert (found.names, found.named, found.is_missing) == (("column_1", "column_2"), False, True)
    assert found.last_row == 2
    given = header(FileFormat(column_names=("who", "age")), DATA)
    assert (given.names, given.named, given.last_row) == (("who", "age"), True, 2)


@pytest.mark.parametrize(
    "layout", [FileFormat(header_rows=1, skip_rows=2), FileFormat(skip_rows=2)]
)
def test_a_header_that_is_told_is_one(layout: FileFormat) -> None:
    found = header(layout, DATA)
    assert (found.names, found.is_missing) == (("Jana", "34.5"), False)


def test_names_that_are_looked_for_make_a_header() -> None:
    rows = iter([SheetRow(number=n, cells=row, errors={}, too_long=False) for n, row in DATA])
    terms = HeaderTerms(layout=FileFormat(), file="f.xlsx", wanted=frozenset({"Jana"}))
    found = find_header(rows, terms)
    assert (found.names, found.last_row) == (("Jana", "34.5"), 3)
