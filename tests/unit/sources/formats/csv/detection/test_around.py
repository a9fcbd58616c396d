"""What is around rows and cells: of several things the first is believed."""

from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.compression import Packing
from sources.encoding import TextKind
from sources.formats.csv.detection.around import (
    AROUND,
    TOLD,
    told_of_changes,
    with_line_ends,
    without_what_is_around,
)

PLAIN = TextKind(packing=Packing(), encoding="utf-8", mark_size=0)
EXAMPLES = {
    "wrapped": b'"1,""a,b"",2"\n"2,""c,d"",3"\n',
    "aligned": b"1   2  3\n4  50  6\n7   8  9\n",
    "framed": b"| 1 | a |\n| 2 | b |\n| 3 | c |\n",
    "indented": b' "1","a"\n "2","b"\n',
    "round_quotes": "“d, e”,f\n“g”,h\n".encode(),
    "spaced": b'n,x,y\n1, "a, b",2\n2,"c",3\n3, "d",4\n',
}


def around(sample: bytes) -> TextKind:
    return without_what_is_around(PLAIN, sample, FileFormat(), complete=True)


def test_there_is_an_example_of_each_and_a_sentence() -> None:
    assert list(EXAMPLES) == list(TOLD) == list(AROUND)


@pytest.mark.parametrize("part", AROUND)
def test_what_is_around_is_taken_off_and_told(part: str) -> None:
    found = around(EXAMPLES[part])
    assert [each for each in AROUND if getattr(found, each)] == [part]
    assert told_of_changes(found) == {part: f"found: {TOLD[part]}"}


def test_nothing_is_taken_off_where_nothing_is_around() -> None:
    assert around(b"n,x\n1,a\n2,b\n") is PLAIN
    assert told_of_changes(PLAIN) == {}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (' "1","a, b"\n "2", "c"\n "3","d"\n', ["indented", "spaced"]),
        (' "1",“a, b”\n "2",“c”\n "3",“d”\n', ["indented", "round_quotes"]),
    ],
)
def test_of_two_the_first_is_believed(text: str, parts: list[str]) -> None:
    seen = (p for p, find in AROUND.items() if find(text.encode(), FileFormat(), complete=True))
    assert list(seen) == parts
    found = around(text.encode())
    assert [part for part in AROUND if getattr(found, part)] == parts[:1]


def test_a_mark_that_ends_records_is_told() -> None:
    sample = b"n,x\x1e1,a\x1e2,b\x1e"
    assert with_line_ends(PLAIN, b"n,x\n1,a\n", FileFormat()) is PLAIN
    found = with_line_ends(PLAIN, sample, FileFormat())
    assert found.record_mark == "0x1E"
    assert told_of_changes(found) == {
        "record_mark": "found: 0x1E ends records, which no line end does"
    }
