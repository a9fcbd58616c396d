"""Which rows of a buffer are taken, and what is left of it: nothing, or the beginning of a row."""

from __future__ import annotations

import pytest

from definitions.batches import Position
from definitions.faults import FaultCode
from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.feed import Tail
from sources.formats.csv.harvest import Block
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.walk import FIRST_WINDOW, Walk

BEGIN = Position(byte=1000, row=7, line=9)
MANY = 100


def walk_over(
    buffer: bytes, *, final: bool = False, max_row_bytes: int = 1 << 20, remark: bytes | None = None
) -> Walk:
    dialect = Dialect(record_end=RecordEnd.LF, remark=remark, remark_is_given=remark is not None)
    terms = RowTerms(file="f", dialect=dialect, width=2, max_row_bytes=max_row_bytes)
    return Walk(buffer, terms, BEGIN, final=final)


def rows_of(walk: Walk) -> list[int]:
    return list(map(int, block_of(walk).rows))


def faults_of(walk: Walk) -> list[tuple[int, FaultCode]]:
    return [(fault.row, fault.code) for fault in block_of(walk).faults]


def block_of(walk: Walk) -> Block:
    return walk.block(Position(byte=0, row=walk.row, line=walk.line))


REST = {
    "nothing": (b"1,a\n2,b\n", b""),
    "a line without end": (b"1,a\n2,b\n3", b"3"),
    "a quote that may yet be closed": (b'1,a\n2,b\n3,"c\n4,d\n', b'3,"c\n4,d\n'),
    "the same behind quotes out of turn": (b'1,a"\n2,b"\n3,"c\n4,d\n', b'3,"c\n4,d\n'),
}


@pytest.mark.parametrize(("buffer", "rest"), REST.values(), ids=REST.keys())
def test_the_beginning_of_a_row_is_left_for_the_next_block(buffer: bytes, rest: bytes) -> None:
    walk = walk_over(buffer)
    walk.run(MANY)
    assert (buffer[walk.at :], walk.tail) == (rest, None)
    assert (rows_of(walk), faults_of(walk)) == ([7, 8], [])
    assert (walk.row, walk.line) == (9, 11)


def test_nothing_is_left_of_the_last_buffer() -> None:
    walk = walk_over(b'1,a\n2,"b\n3,c\n', final=True)
    walk.run(MANY)
    assert (walk.at, walk.tail) == (walk.reach, None)
    assert (rows_of(walk), faults_of(walk)) == ([7, 9], [(8, FaultCode.UNCLOSED_QUOTE)])


def test_a_row_is_waited_for_only_until_it_is_too_long() -> None:
    walk = walk_over(b'1,"a\n2,b\n3,c\n', max_row_bytes=8)
    walk.run(MANY)
    assert walk.at == walk.reach
    assert (rows_of(walk), faults_of(walk)) == ([8, 9], [(7, FaultCode.UNCLOSED_QUOTE)])


def test_of_a_line_that_is_too_long_the_tail_is_to_be_dropped() -> None:
    walk = walk_over(b"1,a\n" + b"x" * 20, max_row_bytes=10)
    walk.run(MANY)
    assert (walk.at, walk.tail) == (4, Tail.OF_LINE)
    assert (rows_of(walk), faults_of(walk)) == ([7], [(8, FaultCode.ROW_TOO_LONG)])
    assert not walk.run_on(1)


def test_a_remark_that_is_too_long_is_dropped_and_no_fault() -> None:
    walk = walk_over(b"1,a\n# " + b"x" * 20, max_row_bytes=10, remark=b"#")
    walk.run(MANY)
    assert (walk.at, walk.tail, walk.row) == (4, Tail.OF_LINE, 8)
    assert faults_of(walk) == []


def test_of_a_row_with_a_field_that_is_too_long_the_tail_is_to_be_dropped() -> None:
    walk = walk_over(b'1,a\n2,"' + b"some text\n" * 9, max_row_bytes=50)
    walk.run(MANY)
    assert (walk.at, walk.tail) == (4, Tail.OF_ROW)
    assert (rows_of(walk), faults_of(walk)) == ([7], [(8, FaultCode.ROW_TOO_LONG)])


def test_a_block_ends_at_the_last_of_its_faults_and_so_does_the_next() -> None:
    walk = walk_over(b"1,a\n2\n3,c\n4\n5,e\n6\n7,g\n")
    walk.run(2)
    assert (rows_of(walk), [row for row, _ in faults_of(walk)]) == ([7, 9], [8, 10])
    assert (walk.taken, walk.row, walk.line) == (12, 11, 13)
    assert walk.run_on(1)
    assert (rows_of(walk), [row for row, _ in faults_of(walk)]) == ([11], [12])
    assert (walk.taken, walk.row, walk.line) == (6, 13, 15)


def test_a_block_with_fewer_faults_may_go_on_behind_the_buffer() -> None:
    walk = walk_over(b"1,a\n2\n3,c\n4\n5,e\n6\n7,g\n")
    walk.run(2)
    assert not walk.run_on(2)


GOOD = b'1,"a"\n'
WIDE = b'2,15" b\n'


def test_rows_are_counted_again_behind_a_quote_that_is_out_of_turn() -> None:
    size = 40 * FIRST_WINDOW
    walk = walk_over(GOOD * (size // len(GOOD)) + WIDE + GOOD * (size // len(GOOD)))
    walk.run(MANY)
    assert walk.at == walk.reach
    # once from the beginning, in a window behind the quote, and once from there on
    assert walk.examined < 1.6 * walk.reach


def test_where_quotes_are_out_of_turn_again_and_again_windows_are_few() -> None:
    some = GOOD + (GOOD * (FIRST_WINDOW // len(GOOD)) + WIDE) * 100
    walk = walk_over(some)
    walk.run(MANY)
    assert (walk.at, faults_of(walk)) == (walk.reach, [])
    assert walk.examined < 7 * walk.reach


def test_a_row_longer_than_a_window_is_found() -> None:
    row = b'15" x,"' + b"y\n" * FIRST_WINDOW + b'"\n'
    walk = walk_over(GOOD + row + GOOD)
    walk.run(MANY)
    assert walk.at == walk.reach
    assert (rows_of(walk), faults_of(walk)) == ([7, 8, 9], [])
