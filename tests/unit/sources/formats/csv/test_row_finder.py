"""Which rows of a buffer are taken, and what is left of it: nothing, or the beginning of a row."""

from __future__ import annotations

import pytest

from definitions.batches import Position
from definitions.faults import FaultCode
from definitions.model import RecordEnd
from sources.formats.csv.block_builder import Block
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.feed import Tail
from sources.formats.csv.row_finder import FIRST_WINDOW, RowFinder
from sources.formats.csv.row_terms import RowTerms

BEGIN = Position(byte=1000, row=7, line=9)
MANY = 100


def finder_of(
    buffer: bytes, *, final: bool = False, max_row_bytes: int = 1 << 20, remark: bytes | None = None
) -> RowFinder:
    dialect = Dialect(record_end=RecordEnd.LF, remark=remark, remark_is_given=remark is not None)
    terms = RowTerms(file="f", dialect=dialect, width=2, max_row_bytes=max_row_bytes)
    return RowFinder(buffer, terms, BEGIN, final=final)


def rows_of(finder: RowFinder) -> list[int]:
    return list(map(int, block_of(finder).rows))


def faults_of(finder: RowFinder) -> list[tuple[int, FaultCode]]:
    return [(fault.row, fault.code) for fault in block_of(finder).faults]


def block_of(finder: RowFinder) -> Block:
    return finder.block(Position(byte=0, row=finder.row, line=finder.line))


REST = {
    "nothing": (b"1,a\n2,b\n", b""),
    "a line without end": (b"1,a\n2,b\n3", b"3"),
    "a quote that may yet be closed": (b'1,a\n2,b\n3,"c\n4,d\n', b'3,"c\n4,d\n'),
    "the same behind quotes out of turn": (b'1,a"\n2,b"\n3,"c\n4,d\n', b'3,"c\n4,d\n'),
}


@pytest.mark.parametrize(("buffer", "rest"), REST.values(), ids=REST.keys())
def test_the_beginning_of_a_row_is_left_for_the_next_block(buffer: bytes, rest: bytes) -> None:
    finder = finder_of(buffer)
    finder.gather(MANY)
    assert (buffer[finder.at :], finder.tail) == (rest, None)
    assert (rows_of(finder), faults_of(finder)) == ([7, 8], [])
    assert (finder.row, finder.line) == (9, 11)


def test_nothing_is_left_of_the_last_buffer() -> None:
    finder = finder_of(b'1,a\n2,"b\n3,c\n', final=True)
    finder.gather(MANY)
    assert (finder.at, finder.tail) == (finder.size, None)
    assert (rows_of(finder), faults_of(finder)) == ([7, 9], [(8, FaultCode.UNCLOSED_QUOTE)])


def test_a_row_is_waited_for_only_until_it_is_too_long() -> None:
    finder = finder_of(b'1,"a\n2,b\n3,c\n', max_row_bytes=8)
    finder.gather(MANY)
    assert finder.at == finder.size
    assert (rows_of(finder), faults_of(finder)) == ([8, 9], [(7, FaultCode.UNCLOSED_QUOTE)])


def test_of_a_line_that_is_too_long_the_tail_is_to_be_dropped() -> None:
    finder = finder_of(b"1,a\n" + b"x" * 20, max_row_bytes=10)
    finder.gather(MANY)
    assert (finder.at, finder.tail) == (4, Tail.OF_LINE)
    assert (rows_of(finder), faults_of(finder)) == ([7], [(8, FaultCode.ROW_TOO_LONG)])
    assert not finder.gather_another(1)


def test_a_remark_that_is_too_long_is_dropped_and_no_fault() -> None:
    finder = finder_of(b"1,a\n# " + b"x" * 20, max_row_bytes=10, remark=b"#")
    finder.gather(MANY)
    assert (finder.at, finder.tail, finder.row) == (4, Tail.OF_LINE, 8)
    assert faults_of(finder) == []


def test_of_a_row_with_a_field_that_is_too_long_the_tail_is_to_be_dropped() -> None:
    finder = finder_of(b'1,a\n2,"' + b"some text\n" * 9, max_row_bytes=50)
    finder.gather(MANY)
    assert (finder.at, finder.tail) == (4, Tail.OF_ROW)
    assert (rows_of(finder), faults_of(finder)) == ([7], [(8, FaultCode.ROW_TOO_LONG)])


def test_a_block_ends_at_the_last_of_its_faults_and_so_does_the_next() -> None:
    finder = finder_of(b"1,a\n2\n3,c\n4\n5,e\n6\n7,g\n")
    finder.gather(2)
    assert (rows_of(finder), [row for row, _ in faults_of(finder)]) == ([7, 9], [8, 10])
    assert (finder.taken, finder.row, finder.line) == (12, 11, 13)
    assert finder.gather_another(1)
    assert (rows_of(finder), [row for row, _ in faults_of(finder)]) == ([11], [12])
    assert (finder.taken, finder.row, finder.line) == (6, 13, 15)


def test_the_faults_of_a_block_are_counted_however_its_rows_are_found() -> None:
    finder = finder_of(b'1\n2\n3,15" c\n4\n5\n6\n')  # by counting, and from the third on by lines
    finder.gather(3)
    assert [row for row, _ in faults_of(finder)] == [7, 8, 10]
    assert (finder.row, finder.line) == (11, 13)


def test_a_block_with_fewer_faults_may_go_on_behind_the_buffer() -> None:
    finder = finder_of(b"1,a\n2\n3,c\n4\n5,e\n6\n7,g\n")
    finder.gather(2)
    assert not finder.gather_another(2)


GOOD = b'1,"a"\n'
WIDE = b'2,15" b\n'


def test_rows_are_counted_again_behind_a_quote_that_is_out_of_turn() -> None:
    size = 40 * FIRST_WINDOW
    finder = finder_of(GOOD * (size // len(GOOD)) + WIDE + GOOD * (size // len(GOOD)))
    finder.gather(MANY)
    assert finder.at == finder.size
    # once from the beginning, in a window behind the quote, and once from there on
    assert finder.examined < 1.6 * finder.size


def test_where_quotes_are_out_of_turn_again_and_again_windows_are_few() -> None:
    some = GOOD + (GOOD * (FIRST_WINDOW // len(GOOD)) + WIDE) * 100
    finder = finder_of(some)
    finder.gather(MANY)
    assert (finder.at, faults_of(finder)) == (finder.size, [])
    assert finder.examined < 7 * finder.size


def test_each_window_is_twice_the_one_before() -> None:
    once = GOOD * (FIRST_WINDOW // len(GOOD))
    finder = finder_of(GOOD + WIDE + once + WIDE + once * 40)
    finder.gather(MANY)
    assert finder.at == finder.size
    # counted from the beginning, behind the first window, and behind the second
    assert finder.examined < 3.1 * finder.size


def test_behind_a_first_row_with_a_quote_out_of_turn_none_is_counted() -> None:
    finder = finder_of(WIDE + GOOD * FIRST_WINDOW)
    finder.gather(MANY)
    assert finder.at == finder.size
    assert finder.examined == 2 * finder.size  # once to find that quote, and once by lines


def test_a_row_longer_than_a_window_is_found() -> None:
    row = b'15" x,"' + b"y\n" * FIRST_WINDOW + b'"\n'
    finder = finder_of(GOOD + row + GOOD)
    finder.gather(MANY)
    assert finder.at == finder.size
    assert (rows_of(finder), faults_of(finder)) == ([7, 8, 9], [])
