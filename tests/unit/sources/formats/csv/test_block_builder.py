from __future__ import annotations

import numpy as np
import pytest

from definitions.batches import Position
from definitions.errors import ReconcileError
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows, RecordEnd
from sources.formats.csv import block_builder
from sources.formats.csv.block_builder import Block, BlockBuilder
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import Limits, cut_by_lines
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.found import FoundRows
from sources.formats.csv.frames import read_frame
from sources.formats.csv.lazy_faults import Where
from sources.formats.csv.problems import UNCLOSED_QUOTE, too_long, wrong_width
from sources.formats.csv.repair import Repair, repair
from sources.formats.csv.row_terms import RowTerms
from sources.formats.csv.structural_index import index_structure
from sources.formats.csv.writing import QUOTED, Text
from sources.gathering import NOT_TEXT, Problem

END = Position(byte=9, row=4, line=5)


def builder_of(buffer: bytes = b"", policy: MalformedRows = MalformedRows.REJECT) -> BlockBuilder:
    terms = RowTerms(file="f.csv", dialect=Dialect(), width=2, malformed_rows=policy)
    return BlockBuilder(buffer, terms, 1)


def found_in(buffer: bytes, *, number: int = 1, line: int = 1) -> FoundRows:
    """Return all rows of `buffer`, the first with this number and on this line."""
    limits = Limits(width=2, max_row_bytes=1000, longest=1001, final=True)
    cuts = cut_by_lines(index_structure(buffer, Dialect()), limits)
    checks = check(cuts, 2)
    return FoundRows(
        cuts=cuts,
        checks=checks,
        base=0,
        numbers=number - 1 + np.cumsum(checks.is_row),
        lines=line + cuts.index.breaks.searchsorted(cuts.starts),
    )


def cells_in(block: Block) -> list[tuple[str, ...]]:
    return read_frame(block.texts, ["a", "b"]).rows()


def test_rows_come_back_in_order_with_their_numbers() -> None:
    buffer = b"1,2\n\n3\n4,5\n"
    builder = builder_of(buffer)
    builder.take(found_in(buffer, number=7, line=10))
    block = builder.block(END, 7)
    assert block.texts == (Text(form=QUOTED, content=b"1,2\n4,5\n"),)
    assert (block.rows.tolist(), block.lines.tolist()) == ([7, 9], [10, 13])
    assert [(fault.row, fault.line, fault.value) for fault in block.faults] == [(8, 12, "3")]
    assert (block.end, block.examined, builder.fault_count) == (END, 7, 1)


def test_another_block_begins_with_nothing_in_it() -> None:
    builder = builder_of(b"1\n")
    builder.take(found_in(b"1\n"))
    builder.begin()
    block = builder.block(END, 0)
    assert (block.texts, block.rows.tolist(), block.faults) == ((), [], ())
    assert builder.fault_count == 0


NEARLY_ALL = bytes(sorted({*range(128)} - {*b',"\r\n'}))
FORMS = {
    "as they stand": (b'1,2\n3,"4"\n', b'1,2\n3,"4"\n'),
    "one anew among many": (b"1,2\n" * 20 + b'15",x\n', b"1,2\n" * 20 + b'"15""",x\n'),
    "all changed, where many are to be": (b'1,2\n15",x\n', b'1\x1f2\x1d15"\x1fx\x1d'),
    "all changed, where a lone CR ends one": (b'1,"2"\r3,4\n', b"1\x1f2\x1d3\x1f4\x1d"),
    "all anew, where no three bytes are unused": (
        b"1," + NEARLY_ALL + b"\r2,3\n",
        b"1," + NEARLY_ALL + b"\n2,3\n",
    ),
}


@pytest.mark.parametrize(("buffer", "content"), FORMS.values(), ids=FORMS.keys())
def test_rows_are_kept_in_the_form_that_takes_least_work(buffer: bytes, content: bytes) -> None:
    builder = builder_of(buffer)
    builder.take(found_in(buffer))
    (text,) = builder.block(END, 0).texts
    assert text.content == content


def test_a_good_row_is_written_anew_as_it_is_written() -> None:
    buffer = b'1,"2\n"\n15",3\r\n'
    builder = builder_of(buffer)
    builder.take(found_in(buffer))
    assert cells_in(builder.block(END, 0)) == [("1", "2\n"), ('15"', "3")]


def test_a_row_that_was_cut_into_other_fields_than_it_has_ends_the_reading() -> None:
    terms = RowTerms(file="f.csv", dialect=Dialect(), width=3)
    buffer = b"1,2\n" * 20 + b'15",x\n'
    builder = BlockBuilder(buffer, terms, 1)
    builder.take(found_in(buffer))
    with pytest.raises(ReconcileError, match=r"row 21 of 'f.csv' \(line 21\) .* read as 2 fields"):
        builder.block(END, 0)


def test_a_fault_shows_the_beginning_of_its_row() -> None:
    buffer = "é".encode() * 300 + b"\xff\r\n"
    builder = builder_of(buffer)
    builder.take_one(wrong_width(2, 1), Where(row=3, line=4, begin=0, end=len(buffer)))
    builder.take_one(too_long(100), Where(row=4, line=5, begin=600, end=603))
    assert builder.fault_count == 2
    first, second = builder.block(END, 0).faults
    assert first == Fault(
        file="f.csv",
        row=3,
        line=4,
        column=None,
        value="é" * 100,
        code=FaultCode.TOO_FEW_FIELDS,
        message="expected 2 fields, found 1",
        rejects_row=True,
    )
    assert (second.value, second.message) == ("\ufffd", "is longer than 100 bytes")


def test_a_row_is_repaired_and_told_where_that_is_wanted() -> None:
    buffer = b'1,2\r"1"2"\r3,"4"\n'
    builder = builder_of(buffer, MalformedRows.PAD)
    builder.take(found_in(buffer))
    block = builder.block(END, 0)
    assert cells_in(block) == [("1", "2"), ('1"2', ""), ("3", "4")]
    (fault,) = block.faults
    assert (fault.code, fault.value, fault.rejects_row) == ("stray_quote", '"1"2"', False)
    assert fault.message == (
        "has text after a closing quote; mark a quote in a cell; the missing cells are empty"
    )


def test_a_row_that_was_found_by_itself_is_repaired_too() -> None:
    builder = builder_of(b'1,"2\n', MalformedRows.PAD)
    builder.take_one(UNCLOSED_QUOTE, Where(row=5, line=6, begin=0, end=5))
    block = builder.block(END, 0)
    assert (cells_in(block), block.rows.tolist()) == ([("1", '"2')], [5])


def test_what_is_too_long_is_never_repaired() -> None:
    builder = builder_of(b"abcd\n", MalformedRows.PAD)
    builder.take_one(too_long(3), Where(row=1, line=1, begin=0, end=5))
    block = builder.block(END, 0)
    assert block.texts == ()
    assert [fault.rejects_row for fault in block.faults] == [True]


@pytest.mark.parametrize("problem", [NOT_TEXT, wrong_width(2, 1)])
def test_what_is_no_text_is_read_as_another_program_wrote_it(problem: Problem) -> None:
    builder = builder_of(b"a\xff\n", MalformedRows.PAD)
    builder.take_one(problem, Where(row=1, line=1, begin=0, end=3))
    block = builder.block(END, 0)
    assert cells_in(block) == [("a\xff", "")]
    (fault,) = block.faults
    assert not fault.rejects_row
    assert "; they are read as Windows-1252; " in fault.message


@pytest.mark.parametrize(
    ("record_end", "cells"), [(RecordEnd.CR, ("1", "")), (RecordEnd.LF, ("1\r", ""))]
)
def test_a_line_end_is_no_content(record_end: RecordEnd, cells: tuple[str, str]) -> None:
    dialect = Dialect(record_end=record_end)
    terms = RowTerms(file="f.csv", dialect=dialect, width=2, malformed_rows=MalformedRows.PAD)
    builder = BlockBuilder(b"1\r", terms, 1)
    builder.take_one(wrong_width(2, 1), Where(row=1, line=1, begin=0, end=2))
    assert cells_in(builder.block(END, 0)) == [cells]


def test_rows_that_come_into_no_block_are_not_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    repaired: list[bytes] = []

    def noted(content: bytes, code: FaultCode, terms: RowTerms) -> Repair:
        repaired.append(content)
        return repair(content, code, terms)

    monkeypatch.setattr(block_builder, "repair", noted)
    buffer = b"1\n2\n3\n"
    builder = builder_of(buffer, MalformedRows.PAD)
    builder.take(found_in(buffer))
    assert (builder.fault_count, repaired) == (3, [])
    builder.begin()
    builder.take(found_in(b"1\n"))
    assert cells_in(builder.block(END, 0)) == [("1", "")]
    assert repaired == [b"1"]
    assert cells_in(builder.block(END, 0)) == [("1", "")]  # which can be asked for again
    assert repaired == [b"1"]
