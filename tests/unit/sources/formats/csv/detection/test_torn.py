"""A space after each delimiter in one column tells that it is one text cut in two."""

from __future__ import annotations

import pytest

from sources.formats.csv.detection.reading import Marks, read_rows
from sources.formats.csv.detection.torn import are_torn


def torn(text: str, width: int) -> bool:
    return are_torn(read_rows(text, Marks(delimiter=",")), width)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Anna,Berlin, Germany\nBob,Paris, France\nCid,Rome, Italy\n", 2),
        ("Doe, Jane,4\nRoe, Max,5\nPoe, Al,7\nMadonna,6\n", 2),
    ],
)
def test_rows_are_torn_where_all_parts_begin_with_a_space(text: str, width: int) -> None:
    assert torn(text, width)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Anna,Berlin,Germany\nBob,Paris,France\nCid,Rome,Italy\n", 2),
        ("Anna,Berlin, Germany\nBob,Paris,France\nCid,Rome,Italy\n", 2),  # not in all rows
        ("a, b, c\nd, e, f\ng, h, i\n", 2),  # in several columns
        ("1,  12,x\n2, 144,y\n3,   1,z\n", 2),  # numbers in a column of their own
        ('a,"b", c\nd,"e", f\ng,"h", i\n', 2),  # what is cut is not in quotes
        ("id,name, city\n1,Anna, Berlin\n2,Bob, Paris\n3,Cid, Rome\n", 2),  # below a title
        ("a,b, c\nd,e, f\ng,h, i\nj,k, l,m\n", 2),
    ],
)
def test_other_rows_are_not(text: str, width: int) -> None:
    assert not torn(text, width)
