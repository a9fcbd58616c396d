from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given

from definitions.model import RecordEnd
from sources.formats.csv.checks import are_undecodable, check, is_text
from sources.formats.csv.cuts import Cuts, Limits, cut_by_lines
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.structural_index import index_structure, places_of

LF = Dialect(record_end=RecordEnd.LF)


def cuts_of(text: bytes, dialect: Dialect = LF, *, width: int = 2) -> Cuts:
    limits = Limits(width=width, max_row_bytes=1000, longest=1001, final=True)
    return cut_by_lines(index_structure(text, dialect), limits)


def test_every_row_is_checked() -> None:
    checks = check(cuts_of(b'1,2\n\n"3"x,4\n5\n\r\n\xff,6\n"7\n'), 2)
    assert checks.widths.tolist() == [2, 1, 2, 1, 1, 2, 1]
    assert checks.is_row.tolist() == [True, False, True, True, False, True, True]
    assert checks.stray.tolist() == [False, False, True, False, False, False, False]
    assert checks.undecodable.tolist() == [False] * 5 + [True, False]
    assert checks.faulty.tolist() == [False, False, True, True, False, True, True]
    some = checks.part(slice(5, None))
    assert (some.undecodable.tolist(), some.widths.tolist()) == ([True, False], [2, 1])


def test_an_empty_line_is_a_row_where_there_is_one_column() -> None:
    assert check(cuts_of(b"1\n\n2\n", width=1), 1).is_row.tolist() == [True, True, True]


def test_a_line_of_spaces_is_no_row_unless_it_is_one_as_it_should_be() -> None:
    text = b"1,2\n  \n \t \r\n  3\n , \n"
    assert check(cuts_of(text), 2).is_row.tolist() == [True, False, False, True, True]
    assert check(cuts_of(b"1\n  \n", width=1), 1).is_row.tolist() == [True, True]
    tabs = Dialect(record_end=RecordEnd.LF, delimiter=b"\t")
    assert check(cuts_of(b"1\t2\n\t\n \n\t\t\n", tabs), 2).is_row.tolist() == [
        True,
        True,
        False,
        True,
    ]


def test_the_mark_that_ends_a_file_of_dos_is_no_row() -> None:
    for text in (b"1,2\n\x1a\n", b"1,2\r\n\x1a\r\n", b"1,2\n\x1a3\n"):
        assert check(cuts_of(text), 2).is_row.tolist() == [True, text.count(b"3") == 1]


def test_lines_that_are_drawn_are_no_rows_where_the_table_has_such() -> None:
    rules = [b"---~---", b"|---|:--:|", b"===^=", b" ___ \r"]
    others = [b"--", b"--- a", b"-1,-2", b"", b"| | |"]
    text = b"\n".join((*rules, *others)) + b"\n"
    ruled = Dialect(record_end=RecordEnd.LF, has_rules=True)
    assert check(cuts_of(text, ruled), 2).is_row.tolist() == [False] * 4 + [True] * 3 + [
        False,
        True,
    ]
    assert check(cuts_of(text), 2).is_row.tolist() == [True] * 7 + [False, True]


def test_a_repeated_header_that_is_a_remark_is_no_fault() -> None:
    text, header = b"1,a\n#id,name,\n2,b\n", b"#id,name,"
    remark = Dialect(record_end=RecordEnd.LF, remark=b"#")
    for dialect, is_row, faulty in ((remark, [True, False, True], False), (LF, [True] * 3, True)):
        checks = check(cuts_of(text, dialect), 2, header)
        assert checks.is_row.tolist() == is_row
        assert checks.faulty.tolist() == [False, faulty, False]


@pytest.mark.parametrize(
    ("header", "again"),
    [
        (b"id,name", [True, True, True, False, False, False]),
        (b'"id","name"', [True, True, True, False, False, False]),
        (b'""', [False] * 6),
    ],
)
def test_a_header_is_repeated_also_with_other_quotes(header: bytes, again: list[bool]) -> None:
    text = b'"id","name"\nid,name\n"id",name\n"ie",name\nid,names\nid,"nome"\n'
    assert check(cuts_of(text), 2, header).repeats_header.tolist() == again
    assert check(cuts_of(text), 2, header).faulty.tolist() == again


def test_a_faulty_row_repeats_a_header_only_as_it_is_written() -> None:
    text = b'"id,name"\nid,"na"me\nid,name\n'
    assert check(cuts_of(text), 2, b"id,name").repeats_header.tolist() == [False, False, True]
    assert check(cuts_of(b'"id,name\n'), 2, b'"id,name').repeats_header.tolist() == [True]


def test_without_quotes_only_the_same_text_repeats_a_header() -> None:
    bare = Dialect(record_end=RecordEnd.LF, quote=None, escape=None)
    found = check(cuts_of(b'"id","name"\nid,name\n', bare), 2, b"id,name").repeats_header
    assert found.tolist() == [False, True]


REMARKS = b'#1,2\n# \xff\n#"3\n4,5\n4\n'


@pytest.mark.parametrize(
    ("given", "is_row", "faulty"),
    [
        (True, [False, False, False, True, True], [False, False, False, False, True]),
        (False, [True, False, False, True, True], [False, False, False, False, True]),
    ],
)
def test_a_remark_is_no_row(given: bool, is_row: list[bool], faulty: list[bool]) -> None:
    dialect = Dialect(record_end=RecordEnd.LF, remark=b"#", remark_is_given=given)
    checks = check(cuts_of(REMARKS, dialect), 2)
    assert (checks.is_row.tolist(), checks.faulty.tolist()) == (is_row, faulty)


def test_text_is_utf_8() -> None:
    assert is_text(b"\xc3\xa9")
    assert not is_text(b"\xff\xc3\xa9")
    assert not is_text(b"\xed\xb3\xbf")
    assert undecodable(b"ab\nc\xff\n\xc3\xa9\n") == [False, True, False]


def undecodable(text: bytes) -> list[bool]:
    ends = places_of(np.frombuffer(text, np.uint8), ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    return [bool(bad) for bad in are_undecodable(text, starts, ends)]


PIECES = [
    b"a",
    b"?",
    b"\n",
    b"\xc3\xa9",
    b"\xf0\x9f\x98\x80",
    b"\xff",  # never in UTF-8
    b"\x80",  # the middle of a character
    b"\xe2\x82",  # one without its end
    b"\xc0\x80",  # longer than need be
    b"\xed\xa0\x80",  # half a surrogate
    b"\xf4\x90\x80\x80",  # beyond the last character
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
@example(b"?\xff\n?\n\xe2\x82\n\xac\n")
def test_each_row_is_text_or_not_whatever_its_neighbours_are(text: bytes) -> None:
    rows = text.split(b"\n")
    assert undecodable(text + b"\n") == [not is_text(row) for row in rows]


def lines_run(rows: int) -> int:
    """Return how many lines of `checks` look through so many rows that are no text."""
    text, count = b"\xff\n" * rows, 0

    def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - itself or nothing
        nonlocal count
        if frame.f_code.co_filename != are_undecodable.__code__.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assert all(undecodable(text))
    finally:
        sys.settrace(before)
    return count


def test_no_line_is_run_for_each_row_that_is_no_text() -> None:
    """An error for each would hold a copy of all that is behind it."""
    assert 0 < lines_run(1) == lines_run(1 << 12)


def test_counts_of_databases_are_no_rows_where_there_may_be_such() -> None:
    counts = [b"(1 row)", b"(40 rows)\r", b"(3 rows affected)", b"2 rows in set (0.00 sec)"]
    others = [b"(1 row),2", b"(1 row", b"(rows)", b"row (1 row)", b"\n"]
    text = b"\n".join((*counts, *others)) + b"\n"
    counting = Dialect(record_end=RecordEnd.LF, has_counts=True)
    is_row = check(cuts_of(text, counting), 2).is_row.tolist()
    assert is_row == [False] * 4 + [True] * 4 + [False] * 2
    assert check(cuts_of(text, counting, width=1), 1).faulty.tolist()[:4] == [False] * 4
    assert check(cuts_of(text), 2).faulty.tolist()[:4] == [True] * 4


@pytest.mark.parametrize(("digits", "is_row"), [(73, False), (74, True)])
def test_a_count_is_no_longer_than_80_bytes(digits: int, is_row: bool) -> None:
    text = b"(" + b"1" * digits + b" rows)\n"
    counting = Dialect(record_end=RecordEnd.LF, has_counts=True)
    assert check(cuts_of(text, counting), 2).is_row.tolist() == [is_row]


def test_a_blank_line_by_itself_is_no_count() -> None:
    spaced = Dialect(record_end=RecordEnd.LF, delimiter=b" ", has_counts=True)
    assert check(cuts_of(b"\n", spaced, width=1), 1).is_row.tolist() == [True]
    assert check(cuts_of(b"\n", spaced), 2).is_row.tolist() == [False]
