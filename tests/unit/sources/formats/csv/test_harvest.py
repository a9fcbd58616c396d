from __future__ import annotations

import numpy as np
import pytest

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from definitions.model import MalformedRows, RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.harvest import Harvest
from sources.formats.csv.leftout import Where
from sources.formats.csv.problems import NOT_TEXT, STRAY_QUOTE, Problem, too_long, wrong_width
from sources.formats.csv.record import Shape
from sources.formats.csv.writing import QUOTED, Text

END = Position(byte=9, row=4, line=5)


def harvest(buffer: bytes = b"", policy: MalformedRows = MalformedRows.REJECT) -> Harvest:
    shape = Shape(file="f.csv", dialect=Dialect(), width=2, malformed_rows=policy)
    return Harvest(buffer, shape, 1)


def test_records_come_back_in_order_with_their_numbers() -> None:
    gathered = harvest()
    text = Text(form=QUOTED, content=b"1,2\n3,4\n")
    gathered.keep(text, np.array([1, 2]), np.array([2, 3]))
    gathered.keep(Text(form=QUOTED, content=b"5,6\n"), np.array([3]), np.array([5]))
    block = gathered.block(END, 7)
    assert block.texts == (Text(form=QUOTED, content=b"1,2\n3,4\n5,6\n"),)
    assert (block.rows.tolist(), block.lines.tolist()) == ([1, 2, 3], [2, 3, 5])
    assert (block.end, block.examined, block.faults) == (END, 7, ())


def test_a_fault_shows_the_beginning_of_its_record() -> None:
    buffer = "é".encode() * 300 + b"\xff\r\n"
    gathered = harvest(buffer)
    first_where = Where(row=3, line=4, begin=0, end=len(buffer))
    assert gathered.treat(wrong_width(2, 1), first_where) is None
    gathered.treat(too_long(100), Where(row=4, line=5, begin=600, end=603))
    assert gathered.fault_count == 2
    first, second = gathered.block(END, 0).faults
    assert first == Fault(
        file="f.csv",
        row=3,
        line=4,
        column=None,
        value="é" * 200,
        code=FaultCode.TOO_FEW_FIELDS,
        message="expected 2 fields, found 1",
        rejects_row=True,
    )
    assert (second.value, second.message) == ("\ufffd", "is longer than 100 bytes")


def test_a_record_without_problem_gives_its_fields() -> None:
    gathered = harvest(b'x\n1,"2"\r\n')
    assert gathered.treat(None, Where(row=1, line=1, begin=2, end=9)) == [b"1", b"2"]
    assert gathered.fault_count == 0


def test_a_record_is_repaired_and_told_where_that_is_wanted() -> None:
    gathered = harvest(b'"1"2"\r', MalformedRows.PAD)
    fields = gathered.treat(STRAY_QUOTE, Where(row=1, line=1, begin=0, end=6))
    assert fields == [b'1"2', b""]
    (fault,) = gathered.block(END, 0).faults
    assert (fault.code, fault.value, fault.rejects_row) == ("stray_quote", '"1"2"', False)
    assert fault.message == (
        "has text after a closing quote; mark a quote in a cell; the missing cells are empty"
    )


@pytest.mark.parametrize("problem", [NOT_TEXT, wrong_width(2, 1), too_long(3)])
def test_what_is_no_text_or_too_long_is_never_repaired(problem: Problem) -> None:
    buffer = b"abcd\n" if problem.code is FaultCode.ROW_TOO_LONG else b"a\xff\n"
    gathered = harvest(buffer, MalformedRows.PAD)
    assert gathered.treat(problem, Where(row=1, line=1, begin=0, end=len(buffer))) is None
    assert [fault.rejects_row for fault in gathered.block(END, 0).faults] == [True]


@pytest.mark.parametrize(
    ("record_end", "fields"), [(RecordEnd.CR, [b"1", b"2"]), (RecordEnd.LF, [b"1", b"2\r"])]
)
def test_a_line_end_is_no_content(record_end: RecordEnd, fields: list[bytes]) -> None:
    shape = Shape(file="f.csv", dialect=Dialect(record_end=record_end), width=2)
    where = Where(row=1, line=1, begin=0, end=4)
    assert Harvest(b"1,2\r", shape, 1).treat(None, where) == fields
