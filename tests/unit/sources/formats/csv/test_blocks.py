"""Where blocks end, and how much of a file is asked for to make them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from definitions.batches import Position
from definitions.faults import FaultCode
from sources.formats.csv.block_builder import Block
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.splitter import MOST_FAULT_FACTOR, split
from sources.gathering import MOST_FAULTS

BEGIN = Position(byte=0, row=1, line=1)
ROW = b"1234,6789\n"
FAULT = b"x\n"


class Read:
    """Brings a file, and keeps how many bytes were asked for each time."""

    def __init__(self, content: bytes) -> None:
        self.asked: list[int] = []
        self._read = io.BytesIO(content).read

    def __call__(self, size: int) -> bytes:
        self.asked.append(size)
        return self._read(size)


def blocks(
    read: Read, block_size: int, *, max_row_bytes: int = 1000, most_faults: int = MOST_FAULTS
) -> Iterator[Block]:
    terms = RowTerms(file="f", dialect=Dialect(), width=2, max_row_bytes=max_row_bytes)
    return split(read, terms, BEGIN, block_size, most_faults)


def ends(found: Iterator[Block]) -> list[int]:
    return [block.end.byte for block in found]


@pytest.mark.parametrize("block_size", [30, 31, 35, 39])
def test_a_block_ends_with_the_last_row_within_its_size(block_size: int) -> None:
    assert ends(blocks(Read(ROW * 8), block_size)) == [30, 60, 80]


def test_what_is_left_behind_the_last_row_is_not_asked_for_again() -> None:
    read = Read(ROW * 8)
    assert ends(blocks(read, 35)) == [30, 60, 80]
    assert read.asked == [35, 30, 30]


def test_a_block_grows_to_twice_its_size_until_a_row_ends_in_it() -> None:
    read = Read(b"1," + b"x" * 97 + b"\n" + ROW * 8)
    found = blocks(read, 8)
    assert next(found).end.byte == 120  # the last row within 128
    assert read.asked == [8, 8, 16, 32, 64]
    assert ends(found) == list(range(130, 190, 10))


def test_a_block_grows_no_further_than_the_end_of_a_row_must_be_seen() -> None:
    read = Read(b'1,"x\n' + ROW * 20)
    first = next(blocks(read, 30, max_row_bytes=64))
    assert [fault.code for fault in first.faults] == [FaultCode.UNCLOSED_QUOTE]
    assert read.asked == [30, 30, 35]  # 65 for the row, and a block
    assert first.end.byte == 95


@pytest.mark.parametrize(("long", "factor"), [(10, 1), (20, 2), (40, 4), (200, MOST_FAULT_FACTOR)])
def test_a_block_that_grew_may_have_more_faults(long: int, factor: int) -> None:
    row = b"1," + b"x" * (long - 3) + b"\n"
    first, second, *_ = blocks(Read(row + FAULT * 100), 16, most_faults=2)
    assert (len(first.faults), len(first.rows)) == (2 * factor, 1)
    assert first.end.byte == long + 4 * factor
    assert (len(second.faults), len(second.rows)) == (2, 0)


def test_a_block_ends_with_the_last_of_its_faults() -> None:
    content = (ROW + FAULT) * 3 + ROW * 2
    found = list(blocks(Read(content), 100, most_faults=2))
    assert [block.end.byte for block in found] == [24, 56]
    assert [len(block.faults) for block in found] == [2, 1]


def test_bytes_are_asked_for_when_a_block_is_wanted() -> None:
    read = Read(ROW * 100)
    found = blocks(read, 50)
    assert read.asked == []
    for block in found:
        assert sum(read.asked) == block.end.byte


def test_blocks_made_of_what_was_read_ask_for_nothing() -> None:
    read = Read(FAULT * 100)
    assert ends(blocks(read, 200, most_faults=20)) == [40, 80, 120, 160, 200]
    assert read.asked == [200, 200]  # it is asked once whether anything follows


def test_the_file_has_ended_where_fewer_bytes_come() -> None:
    asked = []

    def read(size: int) -> bytes:
        asked.append(size)
        return b"1,a\n2,b" if len(asked) == 1 else b"3,c\n"

    terms = RowTerms(file="f", dialect=Dialect(), width=2)
    (block,) = split(read, terms, BEGIN, 100)
    assert (len(block.rows), block.end, asked) == (2, Position(byte=7, row=3, line=3), [100])


@pytest.mark.parametrize("block_size", [1, 7, 8, 9])
def test_a_file_may_end_where_a_block_does(block_size: int) -> None:
    read = Read(b"1,a\n2,b\n")
    found = list(blocks(read, block_size))
    assert sum(len(block.rows) for block in found) == 2
    assert found[-1].end == Position(byte=8, row=3, line=3)


def test_what_reading_raises_is_raised() -> None:
    def read(size: int) -> bytes:
        if size < 30:
            raise OSError(5, "the disk is gone")
        return ROW * 3

    terms = RowTerms(file="f", dialect=Dialect(), width=2)
    found = split(read, terms, BEGIN, 30)
    with pytest.raises(OSError, match="the disk is gone"):
        list(split(read, terms, BEGIN, 20))
    assert len(next(found).rows) == 3
