from __future__ import annotations

import pytest

from sources.formats.csv.detection import find_delimiter, find_line_end


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
    ("sample", "delimiter"),
    [
        (b"a,b\n1,2\n", b","),
        (b"a;b\n1,5;2,5\n", b";"),
        (b"name;price, EUR;x\na;1,5;x\nb;2,5;y\n", b";"),
        (b"a\tb\n1,2\t3\n", b"\t"),
        (b"a|b\n1|2\n", b"|"),
        (b'"a,b";c;d\n1;2;3\n', b";"),
        (b'id,tags\n1,"a|b|c"\n2,"d|e|f"\n', b","),
        (b'id;text\n1;"x\ny, z"\n2;"a,b\n,c"\n', b";"),
        (b"name\nanna\n", b","),
        (b"a;b", b";"),
        (b"", b","),
        (b"a,b\n" + b"x" * 100_000 + b",1\n", b","),
        (b"," * 200_000, b","),
        (b"# by me\nx:y:z:w\n" + b"15:1,234:-3:0,12\n7:8,5:-1:0,5\n" * 20, b":"),
        (b"note\n" + b"It was, so to say, fine\n" * 9, b";"),
        (b"a,b\n" + b"it was, fine\n" * 9, b","),
        (b'id:n:at\n1:2,5:"2024-12-15 13:29:46"\n2:3,5:"2024-12-16 10:00:00"\n', b":"),
        (b"name,x,y,z,u\n#1,1\n#2,1,2,3\n#3,1,2,,5\n#4,1\n#5\n#6,1,2\n#7,1\n", b","),
    ],
)
def test_the_delimiter_is_what_lines_up_the_fields(sample: bytes, delimiter: bytes) -> None:
    assert find_delimiter(sample) == delimiter
