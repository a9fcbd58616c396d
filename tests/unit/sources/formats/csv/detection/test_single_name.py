from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.reading import Marks
from sources.formats.csv.detection.scoring import attempt
from sources.formats.csv.detection.single_name import is_named_column

IBANS = "DE89 3704 0044 0532 0130 00\nDE89 3704 0044 0532 0130 01\nCZ65 0800 0000 1920 0014 5399\n"


def is_column(text: str, mark: str) -> bool:
    return is_named_column(attempt(text, Marks(delimiter=mark), cut=False))


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("iban\n" + IBANS, " "),
        ("Account number\n" + IBANS, " "),
        ("id\nuser:1\nuser:2\nuser:3\n", ":"),
        ("Key (new)\nuser:1\n", ":"),
        ("urn\nurn:isbn:9783\nurn:isbn:9784\nurn:issn:9785\n", ":"),
        ("path\nC:\\a\\b.txt\nC:\\a\\c.txt\nD:\\x\\y.txt\n", ":"),
        ("addr\nfe80::1\nfe80::2\n2001:db8::1\n", "::"),
        ("pkg\nfoo==1.2\nbar==2.3\nbaz==3.4\n", "=="),
        ("customer\nauth0|5f7c\nauth0|8cc8\ngoogle-oauth2|1035\n", "|"),
        ("place\n50.1, 14.4\n49.2, 16.6\n", ", "),
        ("size\n98 x 35\n7 x 12\n", " "),
        ("weight\n76.4 kg\n120 g\n5 kg\n8.2 kg\n7 kg\n9.1 kg\n", " "),
        ("room\nRoom 1\nRoom 12\nHall 3\nRoom 4\n", " "),
        ("phone\n+1 (555) 337-2033\n+1 (555) 461-2931\n", " "),
    ],
)
def test_values_below_a_single_name_are_one_column(text: str, mark: str) -> None:
    assert is_column(text, mark)
    found = detect(text.encode(), FileFormat(), frozenset(), complete=True)
    assert (found.width, found.skip_rows, found.header_rows) == (1, 0, 1)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Report\nid:name\n1:a\n2:b\n", ":"),  # names below a title
        ("Report\nkind:name:town\n" + "".join(f"x:a{i}:b{i}\n" for i in range(9)), ":"),
        ("Report\n\nuser:1\nuser:2\n", ":"),  # apart from the rows
        ("# keys\nuser:1\nuser:2\n", ":"),
        ("id:name\nuser:1\nuser:2\n", ":"),  # two names
        ("id;name\nuser:1\nuser:2\n", ":"),
        ('key\nuser:"1"\nuser:"2"\n', ":"),  # quotes around fields
        ("key\nuser:1\nuser:2:x\n", ":"),  # not all alike
        ("key\n", ":"),
        ("", ":"),
        ("Report\n1,5\n2,7\n", ","),  # marks that are in no values
        ("Report\n1~5\n2~7\n", "~"),
        ("Report\n1|5\n2|7\n", "|"),
        ("Report\na|5\nb|7\n", "|"),
        ("Report\n1, 5, 3\n2, 7, 5\n", ", "),
        ("Spectrum\n400 0.12 3\n401 0.5 17\n", " "),  # no groups of digits
        ("Stations\nOslo 12 3\nBergen 7 3\n", " "),
        ("vals\n1 2 3\n4 5 6\n", " "),
        ("first last\nAnna Bell\nEva Dark\n", " "),
        ("Report\nweight unit\n76.4 kg\n120 g\n", " "),
        ("Report\n2024 12\n2025 7\n", " "),
    ],
)
def test_rows_below_titles_or_several_names_are_none(text: str, mark: str) -> None:
    assert not is_column(text, mark)


def test_what_somebody_looks_for_comes_first() -> None:
    text = b"key\nuser:1\nuser:2\n"
    wide = FileFormat(column_names=("kind", "number"))
    assert detect(text, wide, frozenset(), complete=True).width == 2
    assert detect(text, FileFormat(delimiter=":"), frozenset(), complete=True).width == 2
    assert (
        detect(b"key\nuser:1\nuser:2\n", FileFormat(), frozenset({"user"}), complete=True).width
        == 2
    )
