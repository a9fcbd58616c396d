from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from definitions.model import RecordEnd
from sources.formats.csv.checks import check
from sources.formats.csv.cuts import (
    Cuts,
    Limits,
    count_fields,
    cut_by_counting,
    cut_by_lines,
)
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.quoting import Quoting
from sources.formats.csv.structural_index import index_structure

LF = Dialect(record_end=RecordEnd.LF)


def by_counting(
    text: bytes,
    dialect: Dialect = LF,
    *,
    start: int = 0,
    until: int = 99,
    max_row_bytes: int = 1000,
) -> Cuts:
    return cut_by_counting(index_structure(text, dialect), start, until, max_row_bytes)


def by_lines(
    text: bytes, *, width: int = 2, max_row_bytes: int = 1000, final: bool = False
) -> Cuts:
    limits = Limits(
        width=width, max_row_bytes=max_row_bytes, longest=max_row_bytes + 1, final=final
    )
    return cut_by_lines(index_structure(text, LF), limits)


def rows_in(cuts: Cuts) -> list[bytes]:
    borders = zip(cuts.starts.tolist(), cuts.ends.tolist(), strict=True)
    return [cuts.index.buffer[begin : end + 1] for begin, end in borders]


@pytest.mark.parametrize("cuts_of", [by_counting, by_lines])
def test_rows_end_at_line_ends_outside_quotes(cuts_of: Callable[[bytes], Cuts]) -> None:
    cuts = cuts_of(b'a,"b\n,"\r\nc,d\ne')
    assert (cuts.starts.tolist(), cuts.ends.tolist()) == ([0, 9], [8, 12])
    assert cuts.content_ends.tolist() == [7, 12]
    assert cuts.delimiters.tolist() == [1, 10]
    assert (cuts.count, cuts.part(slice(1)).ends.tolist()) == (2, [8])


def test_rows_end_before_the_first_that_is_too_long() -> None:
    assert by_counting(b"a\nbb\nccc\nd\n", max_row_bytes=2).ends.tolist() == [1, 4]


def test_a_carriage_return_that_ends_a_row_is_no_content() -> None:
    cuts = by_counting(b"a\r\rb\r\n", Dialect())
    assert cuts.ends.tolist() == [1, 2, 5]
    assert cuts.content_ends.tolist() == [1, 2, 4]


def test_rows_in_turn_are_those_between_two_places() -> None:
    text = b'"\n"\n1,2\n15" wide,a\n'
    assert rows_in(by_counting(text, start=4, until=10)) == [b"1,2\n"]
    assert by_counting(text, start=4, until=10).counted


def test_every_line_is_read_as_the_first_of_a_row_and_as_a_further_one() -> None:
    lines = [b"1,a\n", b'2,"b\n', b"c,d\n", b'e"\n']  # those that `cuts` shows
    quoting = Quoting(index_structure(b"".join(lines), LF))
    assert quoting.read(inside=False).open_ends.tolist() == [False, True, False, False]
    assert quoting.read(inside=True).open_ends.tolist() == [True, False, True, False]
    from_each = [by_lines(b"".join(lines[number:]), final=True) for number in range(4)]
    assert [rows_in(cuts)[0].count(b"\n") for cuts in from_each] == [1, 3, 1, 1]
    assert [check(cuts, 2).widths[0] for cuts in from_each] == [2, 2, 2, 1]
    assert rows_in(from_each[0]) == [b"1,a\n", b'2,"b\nc,d\ne"\n']


def test_quotes_out_of_turn_are_left_to_the_lines() -> None:
    cuts = by_lines(b'15" wide,a\n"b\n",c\n')
    assert rows_in(cuts) == [b'15" wide,a\n', b'"b\n",c\n']
    assert not cuts.counted


def test_marks_are_told_of_each_of_several_rows_that_have_several_lines() -> None:
    cuts = by_lines(b'"1\n",2\n3,"4\n5"\n"6\n",7\n')
    assert rows_in(cuts) == [b'"1\n",2\n', b'3,"4\n5"\n', b'"6\n",7\n']
    assert cuts.delimiters.tolist() == [4, 8, 19]
    assert cuts.toggles.tolist() == [0, 3, 9, 13, 15, 18]


def test_a_torn_row_loses_its_first_line_only() -> None:
    cuts = by_lines(b'"1"x,"2\n3,4\n",5\n')
    assert rows_in(cuts) == [b'"1"x,"2\n', b"3,4\n"]
    assert cuts.torn.tolist() == [True, False]


def test_a_stray_row_of_the_right_width_keeps_its_lines() -> None:
    cuts = by_lines(b'"1"x,"2\n3,4\n"\n6,7\n')
    assert rows_in(cuts) == [b'"1"x,"2\n3,4\n"\n', b"6,7\n"]
    assert (cuts.torn.tolist(), cuts.strays.tolist()) == ([False, False], [2])


def test_a_stray_row_of_the_right_width_that_swallowed_a_good_row_is_torn() -> None:
    cuts = by_lines(b'1,"2\n3,4\n5,6"x\n7,8\n')
    assert rows_in(cuts) == [b'1,"2\n', b"3,4\n", b'5,6"x\n', b"7,8\n"]
    assert cuts.torn.tolist() == [True, False, False, False]


TWO_OPEN = b'1,"2\n3,"4\n5"\n6,7\n'


def test_a_stray_row_that_swallowed_the_beginning_of_a_good_row_is_torn() -> None:
    cuts = by_lines(TWO_OPEN)
    assert rows_in(cuts) == [b'1,"2\n', b'3,"4\n5"\n', b"6,7\n"]
    assert cuts.torn.tolist() == [True, False, False]


def test_a_stray_row_that_swallowed_a_good_row_of_several_lines_is_torn() -> None:
    cuts = by_lines(b'"1,a\n"2","4\n5"\n6,7\n')
    assert rows_in(cuts) == [b'"1,a\n', b'"2","4\n5"\n', b"6,7\n"]
    assert cuts.torn.tolist() == [True, False, False]


def test_a_stray_row_is_left_while_the_row_that_it_may_have_swallowed_has_no_end() -> None:
    begun = TWO_OPEN[: TWO_OPEN.index(b"5")]
    assert rows_in(by_lines(begun)) == []
    for cuts in (by_lines(begun, final=True), by_lines(TWO_OPEN, max_row_bytes=len(begun))):
        assert rows_in(cuts)[0] == begun
        assert not cuts.torn.any()


def test_a_row_that_does_not_end_is_left_unless_it_cannot_end_in_time() -> None:
    text = b'1,2\n3,"4\n5,6\n'
    assert rows_in(by_lines(text)) == [b"1,2\n"]
    for cuts in (by_lines(text, final=True), by_lines(text, max_row_bytes=5)):
        assert rows_in(cuts) == [b"1,2\n", b'3,"4\n', b"5,6\n"]
        assert cuts.unclosed.tolist() == [False, True, False]


def test_a_row_that_ends_too_late_loses_its_first_line_only() -> None:
    cuts = by_lines(b'1,"2\n3,4\n"\n5,6\n', max_row_bytes=8)
    assert rows_in(cuts) == [b'1,"2\n', b"3,4\n"]
    assert cuts.unclosed.tolist() == [True, False]


def test_a_given_remark_is_a_row_of_one_line_in_which_quotes_are_text() -> None:
    remarked = Dialect(record_end=RecordEnd.LF, remark=b"--", remark_is_given=True)
    text = b'1,2\n-- it\'s "x,"y\n"3\n-- ""x""",4\n--,"z\n5,6\n'
    limits = Limits(width=2, max_row_bytes=1000, longest=1001, final=True)
    cuts = cut_by_lines(index_structure(text, remarked), limits)
    rows = [b"1,2\n", b'-- it\'s "x,"y\n', b'"3\n-- ""x""",4\n', b'--,"z\n', b"5,6\n"]
    assert rows_in(cuts) == rows
    assert not cuts.torn.any()
    assert not cuts.unclosed.any()
    assert cuts.delimiters.tolist() == [1, text.index(b",4"), text.index(b",6")]


def test_fields_are_counted_for_each_row() -> None:
    assert count_fields(np.array([1, 4, 5, 9]), np.array([3, 7, 10])).tolist() == [2, 3, 2]
