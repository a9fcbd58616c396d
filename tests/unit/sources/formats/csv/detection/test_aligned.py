from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.aligned import are_aligned

ROWS = "".join(f"2011-01-0{i}  0{i}:13:16  {i * 331:5}  {i - 3:4}.5\n" for i in range(1, 9))
HEAD = "date        time      count    temp\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROWS,
        ROWS,
        'Weather of May\n\nmeasured by Anna M., "daily"\n' + HEAD + ROWS,
        "day at day  number of all  temp of it\n" + ROWS,
        "A   B   C\n1   2   3\n4   5   6\n",
        "1 2\n3 4 \n5 6\n7 8\n",
        "  1,5  2,5\n 11,5 12,5\n  3 4\n",
        HEAD + ROWS + " [ that is all -- 20 rows are left out ]\n",
    ],
)
def test_columns_that_are_aligned_with_spaces_are_seen(text: str) -> None:
    assert are_aligned(text.encode(), FileFormat(), complete=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "1 2\n3 4\n5 6\n",  # one space is a delimiter like others
        "A   B   C\n1   2   3\n",
        "first  last\nAnna   Meyer\nBob    Jones\nLi     Wu\n",  # it may be text
        HEAD + ROWS + "2011-01-02  10:00:00     5\n",
        HEAD + ROWS + "all of it\n" * 4,
        HEAD + ROWS + "\t\n" + ROWS,
        "a  b  c\n" + "x 1   2   3\ny 14  5   6\n" * 5 + "of all that\n",  # may be a row
        "date,time,count\n" + "2011-01-01 10:00:00 , 3\n" * 9,
        "at,a,b\n" + "2011-01-01 10:00:00,1,2 \n2011-01-01 10:00:00,1,2,3\n" * 9,
        '1  "a"  2\n' * 9,
        "".join(f"name {i}   {i:3} {i * 7:5}\n" for i in range(9)),  # `name 1` may be a text
        "title\n" + "1  2\n" * 4,
    ],
)
def test_other_texts_are_not_aligned(text: str) -> None:
    assert not are_aligned(text.encode(), FileFormat(), complete=True)


def test_what_is_given_is_taken_as_it_is() -> None:
    text = (HEAD + ROWS).encode()
    assert not are_aligned(text, FileFormat(delimiter=" "), complete=True)
    assert not are_aligned(text, FileFormat(quote="'"), complete=True)
    assert are_aligned(text, FileFormat(quote=""), complete=True)
    assert are_aligned(b"x y\n" * 200 + text, FileFormat(skip_rows=200), complete=True)


def test_a_line_that_is_cut_tells_nothing() -> None:
    text = (HEAD + ROWS).encode()[:-8]
    assert are_aligned(text, FileFormat(), complete=False)
    assert not are_aligned(text, FileFormat(), complete=True)
