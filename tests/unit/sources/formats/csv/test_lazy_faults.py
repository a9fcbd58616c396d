from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sources.formats.csv.lazy_faults import LazyFaults, Malformed, Origin, Where, one_malformed
from sources.formats.csv.problems import STRAY_QUOTE, wrong_width

SHORT, LONG = wrong_width(2, 1), wrong_width(2, 3)
FIRST = Origin(file="f.csv", buffer=b"a\nb,c,d\r\n")
SECOND = Origin(file="f.csv", buffer=b'"x"y,z\n')


def left_out() -> LazyFaults:
    found = Malformed(
        rows=np.array([4, 5]),
        lines=np.array([7, 8]),
        begins=np.array([0, 2]),
        ends=np.array([2, 9]),
        kinds=np.array([1, 0]),
        problems=[LONG, SHORT],
    )
    where = Where(row=6, line=9, begin=0, end=7)
    return LazyFaults.joined(
        [LazyFaults([(FIRST, found)]), LazyFaults([(SECOND, one_malformed(STRAY_QUOTE, where))])]
    )


def test_rows_left_out_are_faults_in_file_order() -> None:
    left = left_out()
    assert len(left) == 3
    assert [(fault.row, fault.line, fault.value, fault.message) for fault in left] == [
        (4, 7, "a", SHORT.message),
        (5, 8, "b,c,d", LONG.message),
        (6, 9, '"x"y,z', STRAY_QUOTE.message),
    ]
    assert {(fault.file, fault.column, fault.rejects_row) for fault in left} == {
        ("f.csv", None, True)
    }


def test_the_text_of_a_row_is_cut_at_200_bytes() -> None:
    origin = Origin(file="f.csv", buffer="é,".encode() * 100 + b"\n")
    left = LazyFaults([(origin, one_malformed(LONG, Where(row=1, line=2, begin=0, end=301)))])

    assert left[0].value == "é," * 66 + "é"


def test_some_of_them_can_be_asked_for() -> None:
    left = left_out()
    assert [fault.row for fault in left[:2]] == [4, 5]
    assert left[-1].row == 6
    assert list(left[3:]) == []
    assert len(LazyFaults([])) == 0
    with pytest.raises(IndexError):
        left[3]


def test_a_fault_is_made_only_when_it_is_looked_at() -> None:
    found = one_malformed(SHORT, Where(row=1, line=1, begin=0, end=1))
    left = LazyFaults([(FIRST, replace(found, problems=()))])  # none can be made of this
    assert len(left) == 1
    with pytest.raises(IndexError):
        left[0]
