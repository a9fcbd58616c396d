from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from definitions.model import RecordEnd
from sources.formats.csv.cuts import (
    Cuts,
    Limits,
    are_undecodable,
    check,
    count_before,
    count_fields,
    count_through,
    cut_by_lines,
    cut_in_turn,
    is_text,
)
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import mark, places_of

LF = Dialect(record_end=RecordEnd.LF)


def in_turn(
    text: bytes, dialect: Dialect = LF, *, start: int = 0, until: int = 99, max_record: int = 1000
) -> Cuts:
    return cut_in_turn(mark(text, dialect), start, until, max_record)


def by_lines(text: bytes, *, width: int = 2, max_record: int = 1000, final: bool = False) -> Cuts:
    limits = Limits(width=width, max_record=max_record, longest=max_record + 1, final=final)
    return cut_by_lines(mark(text, LF), limits)


def rows_in(cuts: Cuts) -> list[bytes]:
    borders = zip(cuts.starts.tolist(), cuts.ends.tolist(), strict=True)
    return [cuts.marks.buffer[begin : end + 1] for begin, end in borders]


@pytest.mark.parametrize("cuts_of", [in_turn, by_lines])
def test_rows_end_at_line_ends_outside_quotes(cuts_of: Callable[[bytes], Cuts]) -> None:
    cuts = cuts_of(b'a,"b\n,"\r\nc,d\ne')
    assert (cuts.starts.tolist(), cuts.ends.tolist()) == ([0, 9], [8, 12])
    assert cuts.content_ends.tolist() == [7, 12]
    assert cuts.delimiters.tolist() == [1, 10]
    assert (cuts.count, cuts.part(slice(1)).ends.tolist()) == (2, [8])


def test_rows_end_before_the_first_that_is_too_long() -> None:
    assert in_turn(b"a\nbb\nccc\nd\n", max_record=2).ends.tolist() == [1, 4]


def test_a_carriage_return_that_ends_a_row_is_no_content() -> None:
    cuts = in_turn(b"a\r\rb\r\n", Dialect())
    assert cuts.ends.tolist() == [1, 2, 5]
    assert cuts.content_ends.tolist() == [1, 2, 4]


def test_rows_in_turn_are_those_between_two_places() -> None:
    text = b'"\n"\n1,2\n15" wide,a\n'
    assert rows_in(in_turn(text, start=4, until=10)) == [b"1,2\n"]
    assert in_turn(text, start=4, until=10).in_turn


def test_quotes_out_of_turn_are_left_to_the_lines() -> None:
    cuts = by_lines(b'15" wide,a\n"b\n",c\n')
    assert rows_in(cuts) == [b'15" wide,a\n', b'"b\n",c\n']
    assert not cuts.in_turn


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


def test_a_row_that_does_not_end_is_left_unless_it_cannot_end_in_time() -> None:
    text = b'1,2\n3,"4\n5,6\n'
    assert rows_in(by_lines(text)) == [b"1,2\n"]
    for cuts in (by_lines(text, final=True), by_lines(text, max_record=5)):
        assert rows_in(cuts) == [b"1,2\n", b'3,"4\n', b"5,6\n"]
        assert cuts.unclosed.tolist() == [False, True, False]


def test_a_row_that_ends_too_late_loses_its_first_line_only() -> None:
    cuts = by_lines(b'1,"2\n3,4\n"\n5,6\n', max_record=8)
    assert rows_in(cuts) == [b'1,"2\n', b"3,4\n"]
    assert cuts.unclosed.tolist() == [True, False]


def test_every_row_is_checked() -> None:
    cuts = by_lines(b'1,2\n\n"3"x,4\n5\n\r\n\xff,6\n"7\n', final=True)
    checks = check(cuts, 2)
    assert checks.widths.tolist() == [2, 1, 2, 1, 1, 2, 1]
    assert checks.blank.tolist() == [False, True, False, False, True, False, False]
    assert checks.stray.tolist() == [False, False, True, False, False, False, False]
    assert checks.undecodable.tolist() == [False] * 5 + [True, False]
    assert checks.faulty.tolist() == [False, False, True, True, False, True, True]


def test_an_empty_line_is_a_row_where_there_is_one_column() -> None:
    assert check(in_turn(b"1\n\n2\n"), 1).blank.tolist() == [False, False, False]


def test_fields_are_counted_for_each_record() -> None:
    assert count_fields(np.array([1, 4, 5, 9]), np.array([3, 7, 10])).tolist() == [2, 3, 2]


def test_items_before_one_too_many_are_counted() -> None:
    mask = np.array([False, True, False, True, False])
    assert [count_before(mask, allowed) for allowed in (0, 1, 2)] == [1, 3, 5]


def test_items_through_the_last_that_there_is_room_for_are_counted() -> None:
    mask = np.array([False, True, False, True, False])
    assert [count_through(mask, number) for number in (1, 2, 3)] == [2, 4, 5]


def test_text_is_utf_8() -> None:
    assert is_text(b"\xff\xc3\xa9", 1, 3)
    assert not is_text(b"\xff\xc3\xa9", 0, 3)
    assert not is_text(b"\xed\xb3\xbf", 0, 3)
    text = b"ab\nc\xff\n\xc3\xa9\n"
    ends = places_of(np.frombuffer(text, np.uint8), ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    assert are_undecodable(text, starts, ends).tolist() == [False, True, False]
