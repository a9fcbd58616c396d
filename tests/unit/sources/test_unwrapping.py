from __future__ import annotations

import pytest

from sources.unwrapping import Unwrapping, unwrapped, wrapped_rows

WRAPPED = b'"id,name"\r\n"1,""a,b"""\r\n2,c\r\n"3,""d\r\ne""";;\n"4,f"'
PLAIN = b'id,name\r\n1,"a,b"\r\n2,c\r\n3,"d\r\ne"\n4,f'


def test_quotes_around_rows_are_taken_off_and_those_inside_made_single() -> None:
    assert unwrapped(WRAPPED) == PLAIN
    assert unwrapped(b'1,"a"\n"b",2\n') == b'1,"a"\n"b",2\n'


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_a_text_in_pieces_is_unwrapped_the_same(size: int) -> None:
    unwrap = Unwrapping()
    pieces = [WRAPPED[at : at + size] for at in range(0, len(WRAPPED), size)]
    assert b"".join(unwrap(piece, last=False) for piece in pieces) + unwrap(b"", last=True) == PLAIN


def test_no_more_than_a_few_megabytes_are_held_back() -> None:
    unwrap = Unwrapping()
    line = b'"never,closed\n' + b"x" * (1 << 20) + b"\n"
    out = [unwrap(line if at == 0 else line[1:], last=False) for at in range(6)]
    assert [len(text) > 0 for text in out][:3] == [False, False, False]
    assert sum(map(len, out)) > 4 << 20


def test_the_rows_in_quotes_are_those_of_a_text_in_which_most_rows_are() -> None:
    rows = [b"id,name", b'1,"a,b"', b"2,c", b'3,"d\r\ne"', b"4,f"]
    assert wrapped_rows(WRAPPED, 9, complete=True) == rows
    assert wrapped_rows(WRAPPED, 2, complete=True) == rows[:2]
    assert wrapped_rows(b'"a,b"\n"c', 9, complete=False) == [b"a,b"]
    assert wrapped_rows(b'"a,b"\n"c', 9, complete=True) == []
    assert wrapped_rows(b'"a,b",c\n', 9, complete=True) == []
    assert wrapped_rows(b'a,b\n"c,d"\n', 9, complete=True) == []
