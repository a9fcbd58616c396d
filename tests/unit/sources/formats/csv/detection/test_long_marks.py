from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.long_marks import fit, without_rest
from sources.formats.csv.detection.reading import Marks
from sources.formats.csv.detection.scoring import attempt


def delimiter_in(sample: bytes) -> bytes:
    return detect(sample, FileFormat(), frozenset(), complete=True).dialect.delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;*\nb;*\nc;*\n", ";"),
        ("a|~1\nb|~2\nc|~3\n", "|"),
        ("a;;1\nb;;2\nc;;3\n", ";"),  # an empty field
        ("a||1\nb||2\nc||3\n", "|"),
        ("a:/x\nb:/y\nc:/z\n", ":"),
        ("root:x:0:root:/root:/bin/sh\nme:x:1::/:/bin/no\n", ":"),
    ],
)
def test_a_usual_delimiter_that_explains_all_rows_is_enough(text: str, delimiter: str) -> None:
    assert delimiter_in(text.encode()) == delimiter.encode()


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("id||name\n1||a\n2||b\n3||c\n", "||"),  # names
        ("a||1||x\nb||2||y\nc||3||z\n", "||"),
        ("a::1\nb::2\nc::3\n", "::"),
        ("a|~|1\nb|~|2\nc|~|3\n", "|~|"),
        ("a | 1\nb | 2\nc | 3\n", " | "),
        ("name|~age\na|~1\nb|~2\nc|~3\n", "|~"),
        ("a;*1\nb;*2;x\nc;*3\n", ";*"),  # one row does not fit otherwise
    ],
)
def test_all_of_a_long_mark_parts_fields_else(text: str, delimiter: str) -> None:
    assert delimiter_in(text.encode()) == delimiter.encode()


def test_names_tell_what_cells_begin_with() -> None:
    text = "id,tag\n1,#red\n2,#blue\n"
    ways = [Marks(delimiter=mark) for mark in (",#", ",")]
    best = without_rest(text, attempt(text, ways[0], cut=False), ways, cut=False)
    assert (best.marks.delimiter, fit(best)) == (",", 3)
