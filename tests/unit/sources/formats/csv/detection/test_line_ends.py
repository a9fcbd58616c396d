from __future__ import annotations

import pytest

from sources.formats.csv.detection.line_ends import find_line_end, find_record_end
from sources.formats.csv.detection.reading import Marks, read_rows


@pytest.mark.parametrize(
    ("sample", "line_end"),
    [
        (b"a,b\n1,2\n", "lf"),
        (b"a,b\r\n1,2\r\n", "crlf"),
        (b"a,b\r1,2\r", "cr"),
        (b"\r\n\na,b\r1", "cr"),
        (b'"a\n",b\r1,2\r', "cr"),
        (b'"a\r",b\n1,2\n', "lf"),
        (b'5" wide,b\r1,2\r', "cr"),
        (b"a,b", "lf"),
        (b"", "lf"),
    ],
)
def test_the_first_line_tells_how_lines_end(sample: bytes, line_end: str) -> None:
    assert find_line_end(sample) == line_end


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a,b\n1,2\n", "lf"),
        ("a,b\r\n1,2\r\n", "crlf"),
        ("a,b\r1,2\r", "cr"),
        ("a,b\r\n1,2\n3,4\n", "any"),
        ("a,b\n1,2\r3,4\n", "any"),
        ('a,b\r\n"x\ny",2\r\n', "crlf"),
        ("a,b\n1,x\ry\n2,z\n3,w\n", "lf"),
        ("a,b\r\n1,x\n y\r\n2,z\r\n3,w\r\n", "crlf"),
        ("a,b\n\r1,2\n\r3,4\n\r", "any"),
        ("a,b", "lf"),
        ("", "lf"),
    ],
)
def test_line_ends_count_where_they_end_whole_rows(text: str, end: str) -> None:
    rows = read_rows(text, Marks(delimiter=","))
    assert find_record_end(rows, 2)[0] == end


def test_mixed_line_ends_are_told() -> None:
    rows = read_rows("a,b\r\n1,2\n3,4\n", Marks(delimiter=","))
    assert find_record_end(rows, 2)[1] == r"2 '\n', 1 '\r\n'"
