from __future__ import annotations

import numpy as np

from definitions.batches import Position
from definitions.faults import Fault, FaultCode
from sources.formats.csv.harvest import Harvest, Where, too_long, wrong_width
from sources.formats.csv.record import Shape

END = Position(byte=9, row=4, line=5)


def harvest(buffer: bytes = b"") -> Harvest:
    return Harvest(buffer, Shape(file="f.csv", delimiter=b",", width=2))


def test_records_come_back_in_order_with_their_numbers() -> None:
    gathered = harvest()
    gathered.keep_all(b"1,2\n3,4\n", np.array([1, 2]), np.array([2, 3]))
    gathered.keep(b"5,6\n", Where(row=3, line=5, begin=8, end=12))
    block = gathered.block(END, 7)
    assert block.text == b"1,2\n3,4\n5,6\n"
    assert (block.rows.tolist(), block.lines.tolist()) == ([1, 2, 3], [2, 3, 5])
    assert (block.end, block.examined, block.faults) == (END, 7, ())


def test_a_fault_shows_the_beginning_of_its_record() -> None:
    buffer = "é".encode() * 300 + b"\xff\r\n"
    gathered = harvest(buffer)
    gathered.report(wrong_width(2, 1), Where(row=3, line=4, begin=0, end=len(buffer)))
    gathered.report(too_long(100), Where(row=4, line=5, begin=600, end=603))
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
