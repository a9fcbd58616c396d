from __future__ import annotations

import pytest

from sources.formats.csv.detection.reading import Marks, Row, read_rows
from sources.formats.csv.detection.unlike import (
    are_bare_behind,
    count_remarks,
    delimiter_of_names,
    has_empty_names,
    names_rows_first,
    told_of_names,
    without_last,
)


def rows_of(text: str, delimiter: str = ",") -> list[Row]:
    return read_rows(text, Marks(delimiter=delimiter))


@pytest.mark.parametrize(
    ("line", "width", "delimiter"),
    [
        ("id;name;day", 3, ";"),
        ("id\tname\tday", 3, "\t"),
        ('"id";"name";"day"', 3, ";"),
        ("id;name;day", 4, ""),
        ("all, of it; as is", 2, ""),
        ("id;name;", 3, ""),
        ("id;name;id", 3, ""),
        ("1;2;3", 3, ""),
        ("name", 1, ""),
        ("id,name;day", 2, ""),
        ('id "name" "day"', 3, " "),
        ('id name "day"', 3, ""),
        ("id name day", 3, ""),
        ('id "first name" "day"', 3, ""),
    ],
)
def test_names_may_have_a_delimiter_of_their_own(line: str, width: int, delimiter: str) -> None:
    (row,) = rows_of(line)
    assert delimiter_of_names(row, width) == delimiter


BODY = '"a" 1 "x"\n"b" 2 "y"\n'


@pytest.mark.parametrize(
    ("text", "delimiter", "is_so"),
    [
        ('"n" "t"\n' + BODY, " ", True),
        ('"n","t"\n' + BODY.replace(" ", ","), ",", True),
        ("n\tt\na\t1\tx\nb\t2\ty\n", "\t", True),
        ("id\tt\na\t1\tx\nb\t2\ty\n", "\t", False),  # the key comes first, a name is missing
        ("n,t\na,1,x\nb,2,y\n", ",", False),
        ('"n","t"\n"a","1","x"\n"b","2","y"\n', ",", False),  # all cells are in quotes
        ('"n" "t"\n"a" 1 "x"\n"a" 2 "y"\n', " ", False),  # the same name twice
        ('"n" "t"\n"a" 1 "x"\n', " ", False),
        ('"n" "t" "u"\n' + BODY, " ", False),
        ('"n" ""\n' + BODY, " ", False),
    ],
)
def test_rows_may_begin_with_names_of_their_own(text: str, delimiter: str, is_so: bool) -> None:
    rows = rows_of(text, delimiter)
    assert names_rows_first(rows, 0, 3, delimiter) is is_so


@pytest.mark.parametrize("names", ["name\tday\n", '"name"\t"day"\n'])
def test_rows_that_end_with_a_delimiter_too_many_have_no_names_of_their_own(names: str) -> None:
    ended = rows_of(names + '"a"\t1\t\n"b"\t2\t\n', "\t")
    assert not names_rows_first(ended, 0, 3, "\t")
    assert names_rows_first(rows_of(names + '"a"\t1\t7\n"b"\t2\t\n', "\t"), 0, 3, "\t")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("# by me\n#a,b\n# x\n1,2\n# y, z, w\n", 3),
        ("a,b\n1,2\n3,4\n", 0),
        ("a,b\n#1,2\n# x\n", 0),
        ('a,b\n1,2\n"# x"\n', 0),
    ],
)
def test_remarks_are_lines_that_are_no_rows(text: str, count: int) -> None:
    assert count_remarks(rows_of(text), 1 if text.startswith("# by") else 0, 2) == count


def test_a_single_column_has_no_remarks() -> None:
    assert count_remarks(rows_of("a\n# x, y\n"), 0, 1) == 0


@pytest.mark.parametrize(
    ("text", "are_empty"),
    [
        ("id,,name\n1,a\n2,b\n", True),
        (",id,name\n1,a\n2,b\n", True),
        ("id,name,,,\n1,a\n2,b\n", True),
        (",id,name\n1,a\n2,b\n0,3,c\n", False),  # rows are cut behind their last value
        ("id,,\n1,a\n2,b\n", False),
        ("id,name\n1,a\n2,b\n", False),
        ("id,name,day\n1,a\n2,b\n", False),
    ],
)
def test_no_column_has_empty_names_if_the_others_are_as_many_as_columns(
    text: str, are_empty: bool
) -> None:
    assert has_empty_names(rows_of(text), 0, 2) is are_empty


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("id,nameday\n1,a,2026-01-02\n", True),
        ("id,name\n1,a,\n2,b,\n", True),  # rows end with a delimiter, or so it seems
        ("id,name,day\n1,a,2026-01-02\n", False),
        ("id,,day\n1,a,2026-01-02\n", False),
    ],
)
def test_names_that_may_be_above_other_columns_are_told(text: str, is_told: bool) -> None:
    told = told_of_names(rows_of(text), 0, 3)
    assert told.startswith("the header has 2 names for 3 columns") is is_told


def test_names_without_fields_are_told() -> None:
    told = told_of_names(rows_of("id,name,approve,reject\n1,a\n2,b\n"), 0, 2)
    assert told.startswith("the header has 4 names, most rows have 2 fields; if the last ones")
    assert told_of_names(rows_of("id,name,,\n1,a\n2,b\n"), 0, 2) == ""


def test_rows_of_a_header_may_have_delimiters_too_many() -> None:
    assert are_bare_behind(rows_of("X,CH1,\nSequence,Volt\n"), 2)
    assert not are_bare_behind(rows_of("X,CH1\nSequence,Volt\n"), 2)
    assert not are_bare_behind(rows_of("X,CH1,\nSequence,Volt,a\n"), 2)


@pytest.mark.parametrize(("count", "left"), [(0, 5), (1, 4), (2, 2), (3, 0), (4, 5)])
def test_blank_rows_are_none_of_the_last_ones(count: int, left: int) -> None:
    rows = rows_of("id,a\n\n1,x\n\n# end\n")
    assert without_last(rows, count) == rows[:left]
