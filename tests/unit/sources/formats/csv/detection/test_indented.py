from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.indented import are_indented

TABLE = b' "id","name"\n "1","a"\n "2","b"\n'


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        b'\n  "id";"name"\r\n\r\n  "1";"two\r\nlines"\r\n',
        b' "id", "name"\n "1", "a ""b"", c"\n',
        b' "id"\t"name"\r "1"\t"a"\r',
    ],
)
def test_records_behind_spaces_are_seen(text: bytes) -> None:
    assert are_indented(text, FileFormat(), complete=True)
    assert are_indented(text, FileFormat(quote='"'), complete=True)
    assert not are_indented(text, FileFormat(quote=""), complete=True)
    assert not are_indented(text, FileFormat(delimiter=" "), complete=True)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b'"id","name"\n"1","a"\n',
        b' "id","name"\n"1","a"\n "2","b"\n',
        b' "id","name"\n 1,"a"\n',
        b'id,name\n "1","a"\n "2","b"\n',
        b'\t"id"\t"name"\n\t"1"\t"a"\n',
        b' "x" "y"\n "1" "2"\n',
        b' "Hello" he said\n "Hello" she said\n',
        b' "id","name"\n',
    ],
)
def test_other_texts_are_not(text: bytes) -> None:
    assert not are_indented(text, FileFormat(), complete=True)


def test_a_line_that_is_cut_does_not_count() -> None:
    assert are_indented(TABLE + b"x", FileFormat(), complete=False)
    assert not are_indented(TABLE + b"x", FileFormat(), complete=True)
