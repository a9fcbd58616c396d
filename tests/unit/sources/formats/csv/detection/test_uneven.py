from __future__ import annotations

import pytest

from sources.formats.csv.detection.columns import columns_of
from sources.formats.csv.detection.reading import Marks, Row, read_rows
from sources.formats.csv.detection.uneven import (
    has_gaps_as_others,
    is_uneven_header,
    lacks_fields,
    shorter_rows,
)

NUMBERS = "1,a,5\n2,b,6\n3,c,7\n4,d,8\n"


def rows_of(text: str) -> list[Row]:
    return read_rows(text, Marks(delimiter=","))


@pytest.mark.parametrize(
    ("header", "body", "width", "is_header"),
    [
        ("id,name,,,", NUMBERS, 3, True),  # delimiters too many
        ("Sales,,,,", NUMBERS, 3, False),
        ("land,2019,2020,", NUMBERS, 3, True),
        ("id,unit,id,", NUMBERS, 3, True),  # names may repeat
        ("2019,a,b,", NUMBERS, 3, False),
        ("Report,Sales,,,", "id,name,size\n" + NUMBERS, 3, False),  # names are below it
        ("from,to", "a,b,,\nc,d,,\ne,f,,\n", 4, True),  # no row has more than that
        ("from,to", "a,b,,\nc,d,x,\ne,f,,\n", 4, False),
        ("id, name, qty", "1, a, 5,\n2, b, 6,\n3, c, 7,\n", 4, True),  # rows have the spaces, too
        ("by me, of all, today", "1,a,5,\n2,b,6,\n3,c,7,\n", 4, False),
        ("Sales,me", "id,name,,\n1,a,,\n2,b,,\n3,c,,\n", 4, False),
    ],
)
def test_names_may_be_fewer_or_more_than_rows_have_cells(
    header: str, body: str, width: int, is_header: bool
) -> None:
    rows = rows_of(f"{header}\n{body}")
    assert is_uneven_header(rows, 0, width, columns_of(rows[1:], width)) is is_header


def test_shorter_rows_are_those_of_which_some_are_among_the_full_ones() -> None:
    assert shorter_rows(rows_of("a,b\nc,d\n1,2,3\n4,5,6\n"), 3) == frozenset()
    assert shorter_rows(rows_of("1,2,3\na,b\nc,d\n4,5,6\ne,f\n"), 3) == frozenset()
    assert shorter_rows(rows_of("1,2,3\na,b\nc,d\ne,f\ng\nh\ni\n4,5,6\n"), 3) == {2}
    assert shorter_rows(rows_of("1,2,3\n" * 30 + "a,b\nc,d\ne,f\n4,5,6\n"), 3) == frozenset()
    assert shorter_rows([], 3) == frozenset()


def test_a_first_row_lacks_fields_if_others_do_and_have_something_there() -> None:
    assert lacks_fields(rows_of("x,y\n" + "1,2,3\na,b\n" * 4), 3)
    assert not lacks_fields(rows_of("x,y\n" + "1,2,\na,b\n" * 4), 3)
    assert not lacks_fields(rows_of("x,y\n" + "1,2,3\n" * 4), 3)


def test_a_row_has_gaps_as_others_have_that_are_among_fuller_ones() -> None:
    assert has_gaps_as_others(rows_of("x,\n" + "1,2\n3,\n" * 3), 0, 2)
    assert not has_gaps_as_others(rows_of("x,\n" + "3,\n" * 9 + "1,2\n"), 0, 2)
    assert not has_gaps_as_others(rows_of("x,\n" + "1,2\n,3\n" * 3), 0, 2)
    assert not has_gaps_as_others(rows_of("x,\n" + "1,2\n" * 50 + "3,\n" * 3), 0, 2)
