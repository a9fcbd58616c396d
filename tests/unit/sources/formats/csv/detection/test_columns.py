from __future__ import annotations

import pytest

from sources.formats.csv.detection.columns import (
    Trait,
    are_words_of_no_row,
    columns_of,
    has_numbers_as_names,
    looks_like_data,
    looks_like_names,
)
from sources.formats.csv.detection.kinds import Kind
from sources.formats.csv.detection.reading import Marks, Row, read_rows

BODY = "1,anna,AB12,2020-01-01\n2,bob,CD34,2020-01-02\n3,eva,EF56,\n4,ann,GH78,2020-01-05\n"


def rows_of(text: str) -> list[Row]:
    return read_rows(text, Marks(delimiter=","))


def test_a_column_has_the_kind_of_its_cells() -> None:
    columns = columns_of(rows_of("id,name,code,day\n" + BODY), 4)
    assert columns.kinds == [Kind.NUMBER, None, None, Kind.DATE]
    assert columns.shapes == ["", "", "a9", ""]


def test_a_row_agrees_or_conflicts_with_the_columns() -> None:
    columns = columns_of(rows_of(BODY), 4)
    (row,) = rows_of("7,x,ZZ1,soon\n")
    assert (columns.agreements(row), columns.conflicts(row)) == ([0, 2], [3])


def test_cells_suit_columns_by_their_kind_and_by_being_there() -> None:
    assert columns_of(rows_of(BODY), 4).traits == ()  # the rows are too few to tell
    number, name, _, day = columns_of(rows_of(3 * BODY), 4).traits
    assert (number, name) == (Trait(kind=Kind.NUMBER, is_full=True), Trait(kind=None, is_full=True))
    assert day == Trait(kind=Kind.DATE, is_full=False)
    assert [number.suits(cell) for cell in ("7", "x", "")] == [1, -1, -1]
    assert [name.suits(cell) for cell in ("7", "x", "")] == [0, 0, -1]
    assert [day.suits(cell) for cell in ("2020-02-01", "7", "n/a")] == [1, -1, 0]


@pytest.mark.parametrize(
    ("first", "body", "data"),
    [
        ("id,name,code,day", BODY, False),
        ("9,tom,XY9,2020-02-01", BODY, True),
        ("9,tom,XY9,", BODY, True),
        ("country,2019,2020", "DE,83,84\nFR,67,68\nIT,1,2\n", False),
        (",1,2", "a,83,84\nb,67,68\nc,1,2\n", False),
        (",5.5,2024-01-01", "2,6.5,2024-01-02\n3,7.5,2024-01-03\n4,8.5,2024-01-04\n", True),
        (",2024-01-01,2024-01-02", "a,83,84\nb,67,68\nc,1,2\n", False),
        ("1,2,3", "4,5,6\n7,8,9\n1,1,1\n", True),
        ("red,apple", "red,apple x\nred,pear\ngreen,apple\nred,apple\n", True),
        ("name,kind,size", "apple,red,x\n\nname,kind,weight\npear,green,y\nfig,red,z\n", False),
        ("name,kind", "apple,red\npear,green\napple,red\n", False),
        ("a,b", "", False),
        ("ann,OK", "bob,OK\neva,OK\ntom,OK\nlia,OK\njan,NO\nkim,OK\n", True),
        ("SKU-x1y,", "SKU-2yz,\nSKU-u8i,\nSKU-q4q,\nSKU-pop,\nSKU-7ut,\nSKU-loo,\n", True),
        ("10.0.0.1", "10.0.0.7\n", True),
        ("name,Address 2", "bob,Elm St 8\neva,Oak Rd 12\ntom,Elm St 30\n" * 2, False),
        ("bob,line 2 a", "bob,line 3 b\neva,line 4 c\ntom,line 5 d\n" * 2, True),
        ("bob,Elm St 11", "eva,Elm St 8\ntom,Oak Rd 12\nlia,Mill Ln 30\n" * 2, True),
        ("jo,(057) 430-5811", "al,(049) 208-2831\nbo,(096) 853-5238\n", True),
        ("2019", "2020\n", False),
        ("1000,", "1002,town\n", True),
        ("1000,x", "1002,town\n", False),
    ],
)
def test_a_first_row_is_data_only_if_it_is_like_those_below(
    first: str,
    body: str,
    data: bool,
) -> None:
    rows = rows_of(f"{first}\n{body}")
    assert looks_like_data(rows[0], columns_of(rows, len(rows[0].cells))) is data


def test_names_are_words_above_something_else() -> None:
    rows = rows_of("id,name,code,day\n" + BODY)
    columns = columns_of(rows, 4)
    assert looks_like_names(rows[0], columns)
    assert not looks_like_names(rows[1], columns)


@pytest.mark.parametrize(
    ("header", "are_names"),
    [
        ("key,person,town\n", True),
        ("key,person,town,more\n", True),
        ("key,person,Oslo\n", False),
        ("key,key,town\n", False),
        ("key,,town\n", False),
        ("key,5,town\n", False),
    ],
)
def test_words_that_no_row_has_in_their_columns_are_names(header: str, are_names: bool) -> None:
    columns = columns_of(rows_of("a,Anna,Oslo\nb,Bo,Bergen\nc,Cy,Oslo\n" * 4), 3)
    (row,) = rows_of(header)
    assert are_words_of_no_row(row, columns) is are_names
    assert not are_words_of_no_row(row, columns_of(rows_of("a,Anna,Oslo\n"), 3))


@pytest.mark.parametrize(
    ("header", "are_names"),
    [("land,2019,2020", True), ("2019,2020,2021", False), ("land,7.5,8.1", False)],
)
def test_years_beside_words_are_names_above_numbers(header: str, are_names: bool) -> None:
    rows = rows_of("".join(f"l{i} x,{i}.5,{7 - i}.25\n" for i in range(9)))
    assert has_numbers_as_names(rows_of(header)[0], columns_of(rows, 3)) is are_names
