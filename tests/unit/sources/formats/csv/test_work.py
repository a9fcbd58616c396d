"""How much is looked at, counted by what functions are given and not by what the splitter says."""

from __future__ import annotations

import inspect
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from definitions.batches import Position
from definitions.model import RecordEnd
from sources.formats.csv import splitter
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.splitter import split
from sources.gathering import MOST_FAULTS

FOLDER = str(Path(splitter.__file__).parent)
BEGIN = Position(byte=0, row=1, line=1)
LF = Dialect(record_end=RecordEnd.LF)
MOST_TIMES = 150  # that a byte is given to some function
MOST_GROWTH = 6  # of the work for a text four times as long; its square would be 16


class Work:
    """Counts the bytes and places in what functions of the splitter's folder are given.

    Whatever looks at a text or at places is such a function, and is given them; what a generator
    is given it hands on to others.
    """

    def __init__(self) -> None:
        self.done = 0

    def count(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(FOLDER):
            return
        if not code.co_flags & inspect.CO_GENERATOR:
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            self.done += sum(_size(frame.f_locals.get(name)) for name in names)


def _size(value: object) -> int:
    if isinstance(value, slice):
        return max(0, value.stop - (value.start or 0)) if value.stop else 0
    if isinstance(value, np.ndarray):
        return value.size
    return len(value) if isinstance(value, bytes) else 0


@contextmanager
def counting() -> Iterator[Work]:
    work, before = Work(), sys.getprofile()
    sys.setprofile(work.count)
    try:
        yield work
    finally:
        sys.setprofile(before)


WIDE_ROW = b'1,15" wide,y\n'
STRAY_ROW = b'1,"x"y,z\n'
HARD = {
    "a quote in every row": WIDE_ROW * 4_000,
    "a stray quote in every row": STRAY_ROW * 4_000,
    "a stray quote and too few fields in every row": b'"x"y\n' * 8_000,
    "a quote that is never closed": b'1,"2,3\n' + b"1,2,3\n" * 8_000,
    "doubled quotes after a quote that is never closed": b'"\n' + b'""\n' * 12_000,
    "an opening quote in every row": b'1,2,"\n' * 8_000,
    "one line without end": b"x" * 60_000,
    "one line of empty columns": b"," * 60_000,
    "one line of quotes": b'"' * 60_000,
    "lines of one character": b"x\n" * 30_000,
    "blank lines": b"\n" * 60_000,
    "a torn row in every line": b'"x"y,"\n' * 6_000,
    "quotes that are never closed": b'"a\n' * 15_000,
    "rows torn by rows": b'"x"y,"\n,","\n' * 5_000,
    "bad bytes in every row": b"1,2,\xff\n" * 8_000,
    "only carriage returns": b"\r" * 60_000,
    "only backslashes": b"\\" * 60_000,
    "a backslash before every line end": b"1,2\\\n" * 10_000,
}
DIALECTS = {
    "doubled quotes": LF,
    "backslash": Dialect(escape=b"\\"),
    "no escape": Dialect(escape=None),
    "no quotes": Dialect(quote=None, escape=None),
    "long delimiter": Dialect(delimiter=b",,"),
}


def terms_of(dialect: Dialect, max_row_bytes: int) -> RowTerms:
    return RowTerms(file="f.csv", dialect=dialect, width=3, max_row_bytes=max_row_bytes)


def work_on(content: bytes, dialect: Dialect, block_size: int) -> int:
    read, examined, end = io.BytesIO(content).read, 0, 0
    with counting() as work:
        for block in split(read, terms_of(dialect, 1 << 11), BEGIN, block_size):
            examined, end = examined + block.examined, block.end.byte
            assert len(block.faults) <= MOST_FAULTS
    assert end == len(content)
    assert examined < 12 * len(content)
    return work.done


@pytest.mark.parametrize("block_size", [1 << 10, 1 << 20])
@pytest.mark.parametrize("content", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
def test_the_work_grows_with_the_file_and_not_with_its_square(
    content: bytes, dialect: Dialect, block_size: int
) -> None:
    some = work_on(content[: len(content) // 4], dialect, block_size)
    all_of_it = work_on(content, dialect, block_size)
    assert all_of_it < MOST_TIMES * len(content)
    assert all_of_it < MOST_GROWTH * some


@pytest.mark.parametrize("row", [b'1,"x"y,"\nz"w\n', STRAY_ROW, b"1,2\n"])
def test_text_full_of_faults_is_not_looked_at_again_for_each_block(row: bytes) -> None:
    content = row * 2_000
    read = io.BytesIO(content).read
    blocks = list(split(read, terms_of(LF, 4 << 20), BEGIN, len(content), 100))
    counts = [len(block.faults) for block in blocks]
    assert counts == [100] * (sum(counts) // 100)
    assert sum(counts) >= 2_000
    assert sum(block.examined for block in blocks) < 6 * len(content)
