from __future__ import annotations

import pytest

from sources.formats.csv.detection.first_line import (
    has_commas_above_numbers,
    width_told_by_names,
    with_mended_names,
)
from sources.formats.csv.detection.reading import Marks, Row, read_rows

COMMAS = Marks(delimiter=",", escape='"')
UNEVEN = "1,a,b,c\n2,a,b\n3,a,b,c,d,e\n4,a\n5,a,b,c,d\n"


@pytest.mark.parametrize(
    ("header", "width"),
    [
        ("id,name,text\n", 3),
        ("id,name\n", 2),
        ("id\n", 4),
        ("id,name,name\n", 4),
        ("1,2,3\n", 4),
        ("A title, of all, I say\n", 4),
        ("a,b,c,d,e,f,g\n", 7),  # no row has as many
    ],
)
def test_names_tell_the_columns_where_rows_are_uneven(header: str, width: int) -> None:
    assert width_told_by_names(read_rows(header + UNEVEN, COMMAS), 4) == width


def test_names_tell_the_columns_where_most_rows_end_before_the_last_ones() -> None:
    text = "id,name,note,code\n" + "1,a,b\n" * 6
    assert width_told_by_names(read_rows(text + "2,c,d,e\n" * 3, COMMAS), 3) == 4
    assert width_told_by_names(read_rows(text + "2,c,d,e\n" * 2, COMMAS), 3) == 3
    assert width_told_by_names(read_rows(text + "2,c,d,e\n" * 3 + "1,2,3,4,5\n", COMMAS), 3) == 3


def test_names_tell_the_columns_where_a_delimiter_in_a_cell_makes_rows_longer() -> None:
    rows = "Anna,Berlin, Germany\nBob,Paris, France\nCid,Rome, Italy\n"
    assert width_told_by_names(read_rows("name,place\n" + rows, COMMAS), 3) == 2
    assert width_told_by_names(read_rows("name\n" + rows, COMMAS), 3) == 3
    assert width_told_by_names(read_rows("A title, of all\n" + rows, COMMAS), 3) == 3


def test_most_rows_tell_the_columns_where_they_are_even() -> None:
    text = "A title,of all\n" + 9 * "1,a,b,c\n"
    assert width_told_by_names(read_rows(text, COMMAS), 4) == 4


@pytest.mark.parametrize(
    "header",
    ['id,"name,"day"\n', '"id,name,"day"\n', '\nid,"name,"day"\n', 'id,"name,day\n'],
)
def test_a_quote_out_of_place_hides_no_names(header: str) -> None:
    text = header + 5 * '1,"a, b",2026-01-02\n'
    rows = with_mended_names(read_rows(text, COMMAS), text, COMMAS, 3)
    first = next(row for row in rows if not row.is_blank)
    assert [cell.strip('"') for cell in first.cells] == ["id", "name", "day"]
    assert rows[-1].cells == ("1", "a, b", "2026-01-02")


@pytest.mark.parametrize(
    "header", ['1,"a,"b",c\n', 'id,"name,\nall of it",day\n', 'A,"title"of,all\n']
)
def test_a_row_stays_as_it_is_if_its_quotes_are_needed(header: str) -> None:
    text = header + 5 * "1,2,3\n"
    rows = read_rows(text, COMMAS)
    assert with_mended_names(rows, text, COMMAS, 3) == rows


def test_rows_that_follow_each_other_are_a_table_below_titles() -> None:
    title = "Turnover,of May\nIBAN,DE00\nName,Giro\nSaldo,1,EUR\nPeriod,a\nBank,b\n"
    assert width_told_by_names(read_rows(title + "x,y,z,a\n" * 5, COMMAS), 4) == 4
    assert width_told_by_names(read_rows(title + "x,y,z,a\n" * 4, COMMAS), 4) == 2


@pytest.mark.parametrize(
    ("lines", "is_told"),
    [
        (("a,b", "7,82", "1,35"), True),
        (("All of it", "", "a,b", "7,82", "1,35"), True),
        (("share", "7,82", "1,35"), False),
        (("All, in EUR", "share", "7,82"), False),
        (("7,82", "1,35"), True),
        (("a", "b,c"), False),
    ],
)
def test_commas_in_words_above_numbers_part_these(lines: tuple[str, ...], is_told: bool) -> None:
    rows = [Row(cells=(line,), quoted=(False,), line=i, end="\n") for i, line in enumerate(lines)]
    assert has_commas_above_numbers(rows) is is_told


def test_keys_and_values_above_a_blank_line_tell_no_width() -> None:
    above, below = "Report:,Sales\nDate:,2024-05-01\n", "id,name,amount\n1,Anna,9.50\n"
    assert width_told_by_names(read_rows(f"{above}\n{below}", COMMAS), 3) == 3
    assert width_told_by_names(read_rows(above + below, COMMAS), 3) == 2
    assert width_told_by_names(read_rows(f"{above}\n{below}2,Bert\n", COMMAS), 3) == 2
    more = above + "City:,Oslo\nBy:,Eva\n\n" + below + "2,b,1\n3,c,1\n4,d,1,\n"
    assert width_told_by_names(read_rows(more, COMMAS), 3) == 3
