from __future__ import annotations

import numpy as np

from definitions.model import RecordEnd
from sources.formats.csv.cuts import (
    Cuts,
    are_undecodable,
    check,
    count_before,
    count_fields,
    count_untorn,
    cut,
    is_text,
)
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.marks import mark, places_of

LF = Dialect(record_end=RecordEnd.LF)


def cuts_of(text: bytes, dialect: Dialect = LF, *, max_record: int = 1000) -> Cuts:
    return cut(mark(text, dialect), 0, max_record)


def test_records_end_at_line_ends_outside_quotes() -> None:
    cuts = cuts_of(b'a,"b\n,"\r\nc,d\ne')
    assert (cuts.starts.tolist(), cuts.ends.tolist()) == ([0, 9], [8, 12])
    assert cuts.content_ends.tolist() == [7, 12]
    assert cuts.delimiters.tolist() == [1, 10]
    assert (cuts.count, cuts.first(1).ends.tolist()) == (2, [8])


def test_records_end_before_the_first_that_is_too_long() -> None:
    assert cuts_of(b"a\nbb\nccc\nd\n", max_record=2).ends.tolist() == [1, 4]


def test_a_carriage_return_that_ends_a_record_is_no_content() -> None:
    cuts = cuts_of(b"a\r\rb\r\n", Dialect())
    assert cuts.ends.tolist() == [1, 2, 5]
    assert cuts.content_ends.tolist() == [1, 2, 4]


def test_every_record_is_checked() -> None:
    checks = check(cuts_of(b'1,2\n\n"3"x,4\n5\n\r\n\xff,6\n'), 2)
    assert checks.widths.tolist() == [2, 1, 2, 1, 1, 2]
    assert checks.blank.tolist() == [False, True, False, False, True, False]
    assert checks.stray.tolist() == [False, False, True, False, False, False]
    assert checks.undecodable.tolist() == [False] * 5 + [True]
    assert checks.faulty.tolist() == [False, False, True, True, False, True]


def test_an_empty_line_is_a_record_where_there_is_one_column() -> None:
    assert check(cuts_of(b"1\n\n2\n"), 1).blank.tolist() == [False, False, False]


def test_a_record_is_torn_if_it_is_stray_and_of_the_wrong_width_and_of_several_lines() -> None:
    rows = b'"1"x\n"2"x,"3\n"\n"4"x,"\n",5\n6,7\n'
    cuts = cuts_of(rows)
    assert count_untorn(cuts, check(cuts, 2), 2) == 2
    cuts = cuts_of(rows[:15])
    assert count_untorn(cuts, check(cuts, 2), 2) == 2


def test_fields_are_counted_for_each_record() -> None:
    assert count_fields(np.array([1, 4, 5, 9]), np.array([3, 7, 10])).tolist() == [2, 3, 2]


def test_items_before_one_too_many_are_counted() -> None:
    mask = np.array([False, True, False, True, False])
    assert [count_before(mask, allowed) for allowed in (0, 1, 2)] == [1, 3, 5]


def test_text_is_utf_8() -> None:
    assert is_text(b"\xff\xc3\xa9", 1, 3)
    assert not is_text(b"\xff\xc3\xa9", 0, 3)
    assert not is_text(b"\xed\xb3\xbf", 0, 3)
    text = b"ab\nc\xff\n\xc3\xa9\n"
    ends = places_of(np.frombuffer(text, np.uint8), ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    assert are_undecodable(text, starts, ends).tolist() == [False, True, False]
