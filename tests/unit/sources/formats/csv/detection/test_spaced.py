"""Spaces before the quotes of some cells are seen, unless they belong to the delimiter."""

from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.spaced import delimiter_before_spaces


def found(text: str, layout: FileFormat | None = None) -> str:
    return delimiter_before_spaces(text.encode(), layout or FileFormat(), complete=True)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ('a,b\n"1","2"\n "3","4"\n"5","6"\n', ","),
        ('id,name,z\n1, "Anna",2\n2, "Bob",3\n3, "C, D",4\n', ","),
        ('id; name\n1; "Anna"\n2; "Bob"\n3;"Cid"\n4; "D"\n', ";"),
    ],
)
def test_spaces_before_some_quotes_are_seen(text: str, delimiter: str) -> None:
    assert found(text) == delimiter


@pytest.mark.parametrize(
    "text",
    [
        'id,name,z\n1, "Anna", 2\n2, "Bob", 3\n3, "C, D", 4\n',  # the delimiter has the space
        'id,name\n1,"he said, "no""\n2,"x"\n',  # inside of quotes
        'id,name\n1,he said: "no"\n2, "no" he said\n',  # parts of a text
        'id,"a, ""b""\n ""c"""\n1,"x"\n',
        "id,name\n1, Anna\n2,Bob\n",
    ],
)
def test_other_spaces_stay(text: str) -> None:
    assert found(text) == ""


def test_what_is_given_is_heeded() -> None:
    text = 'a,b\n"1","2"\n "3","4"\n"5","6"\n'
    assert found(text, FileFormat(delimiter=",")) == ","
    assert found(text, FileFormat(delimiter=";")) == ""
    assert found(text, FileFormat(quote="'")) == ""
    assert found(text, FileFormat(escape="\\")) == ""


@pytest.mark.parametrize("row", ['7,"name, 7",7\n', "7,name,7\n"])
def test_they_are_seen_behind_many_rows_without_them(row: str) -> None:
    text = "id,name,z\n" + row * 6_000
    assert found(text + '8, "Anna, Bo",8\n9, "Bob",9\n') == ","
    assert found(text + '8,"a, ""b"", c",8\n') == ""
