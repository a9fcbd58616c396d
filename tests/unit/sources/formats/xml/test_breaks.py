from __future__ import annotations

import pytest

from definitions.faults import FaultCode
from sources.formats.xml.breaks import INVALID, SHOWN_SIZE, Break, breaking, problem_of
from sources.formats.xml.gap import Gap
from sources.gathering import MAX_RECORD
from sources.markup import BrokenMarkupError


@pytest.mark.parametrize(
    ("there", "code"),
    [
        (b"& b", FaultCode.BROKEN_RECORD),
        (b"\xff", FaultCode.BAD_ENCODING),
        (b"\xc3", FaultCode.BAD_ENCODING),
        ("é".encode(), FaultCode.BROKEN_RECORD),
        (b"a\xff", FaultCode.BROKEN_RECORD),
    ],
)
def test_bytes_that_are_no_text_are_told_as_such(there: bytes, code: FaultCode) -> None:
    found = problem_of(BrokenMarkupError(INVALID, 0, 7, is_cut=False), there)
    assert (found.code, found.message.endswith("on line 7")) == (code, True)


def test_of_what_is_passed_over_a_part_is_kept_and_all_lines_are_counted() -> None:
    error = BrokenMarkupError(INVALID, 0, 1, is_cut=False)
    passed = Break(
        error=error,
        problem=breaking(INVALID, 1),
        row_line=1,
        text=b"ab",
        line=3,
        gap=Gap("p", b""),
        whole=bytearray(b"ab"),
    )
    passed.extend(b"\n" * MAX_RECORD)
    passed.extend(b"c\n")
    assert (len(passed.text), passed.line) == (SHOWN_SIZE, 3 + MAX_RECORD + 1)
    assert len(passed.whole) == MAX_RECORD + 2
    passed.extend(b"c")
    assert len(passed.whole) == MAX_RECORD + 2
