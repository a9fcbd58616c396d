"""Spaces before the quotes of cells are taken off, however the text comes."""

from __future__ import annotations

import pytest

from sources.unspacing import Unspacing, unspacer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1, "a",  "b, ""c"""\n "2","d"', '1,"a","b, ""c"""\n"2","d"'),
        ('"a, ""b""\n c", "d"\r\n', '"a, ""b""\n c","d"\r\n'),
        ('" a, ","b" ,c', '" a, ","b" ,c'),
        ('5" wide, "x",6" y, "z"', '5" wide,"x",6" y,"z"'),
        ('1, "a" and "b", c', '1, "a" and "b", c'),
        ('1, a, "b', '1, a, "b'),
    ],
)
def test_spaces_before_whole_quoted_cells_are_taken_off(text: str, expected: str) -> None:
    assert unspacer(",")(text.encode()).decode() == expected


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_text_in_pieces_is_taken_by_records(size: int) -> None:
    text = b'1, "a\n, ""b""",2\n "3","c"\n4, "d",5'
    change = Unspacing(",")
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    out = b"".join([*(change(piece, last=False) for piece in pieces), change(b"", last=True)])
    assert out == unspacer(",")(text)


def test_a_line_of_quotes_that_close_nothing_is_looked_at_once() -> None:
    for piece in (b', "a', b', ""a', b', """"a'):
        line = piece * 300_000  # in the square of that it would take hours
        is_same = unspacer(",")(line) == line
        assert is_same
