from __future__ import annotations

import pytest

from sources.formats.csv.detection.header import Beginning
from sources.formats.csv.detection.lines import Lines, end_of_lines
from sources.formats.csv.detection.reading import Marks, Row, read_rows

TABLE = b"+---+---+\r\n|a|b|\r\n+---+---+\r\n|1|2|\r\n+---+---+"

TEXT = b'1,"a\n# in\nb",2\n'

HEADER = [Row(line=0, cells=("id", "name"), quoted=(False, False), end="\n")]


def beginning_at(line: int) -> Beginning:
    return Beginning(place=line, line=line, header_rows=1, where="", why="")


def test_all_lines_are_left_of_most_texts() -> None:
    lines = Lines.of(b"a,b\n--,1\n# x\n", None)
    assert (lines.text, lines.number(2)) == (b"a,b\n--,1\n# x\n", 2)
    assert not lines.rules_are_none(beginning_at(0), ",", HEADER)


def test_remarks_that_are_given_are_not_looked_at() -> None:
    lines = Lines.of(b"# a\na,b\n# b\n1,2\n", "#")
    assert lines.text == b"a,b\n1,2\n"
    assert [lines.number(line) for line in (0, 1, 7)] == [1, 3, 7]


@pytest.mark.parametrize(
    ("quote", "left"), [('"', TEXT), ("", b'1,"a\nb",2\n'), ("'", b'1,"a\nb",2\n')]
)
def test_what_looks_like_a_given_remark_in_a_field_is_looked_at(quote: str, left: bytes) -> None:
    assert Lines.of(TEXT + b"# out\n", "#", quote).text == left


def test_rules_are_not_looked_at() -> None:
    lines = Lines.of(TABLE, None)
    assert lines.text == b"|a|b|\r\n|1|2|\r\n"
    assert [lines.number(line) for line in (0, 1)] == [1, 3]
    assert [number for number, _ in lines.rules] == [0, 2, 4]


def test_rules_are_rows_where_no_line_is_a_remark() -> None:
    assert Lines.of(TABLE, "").text == TABLE


@pytest.mark.parametrize(
    ("text", "are_none"),
    [
        (b"a|b\n---|---\n1|2\n", True),
        (b"a|b\n1|2\n3|4\n5|6\n---|---\n7|8\n", False),
        (b"a|b\n1|2\n3|4\n5|6\n--------\n7|8\n", True),
        (b"a|b\n1|2\n", False),
    ],
)
def test_rules_that_may_be_rows_are_so(text: bytes, are_none: bool) -> None:
    assert Lines.of(text, None).rules_are_none(beginning_at(0), "|", HEADER) is are_none


@pytest.mark.parametrize(
    ("text", "are_none"),
    [
        (b"id,name\n--,----\n1,a\n", True),
        (b"id;name\n---;------\n1;a\n", True),
        (b"id,name\n---,---\n1,a\n", False),
        (b"id,name\n----,\n1,a\n", False),
        (b"id,name\n1,a\n----,----\n", False),
        (b"id,name\r\r\n--,----\r\r\n1,a\r\r\n", True),  # lines may be blank
    ],
)
def test_a_rule_with_commas_underlines_each_name_in_full(text: bytes, are_none: bool) -> None:
    delimiter = "," if b"," in text else ";"
    lines = Lines.of(text, None)
    rows = read_rows(lines.text.decode(), Marks(delimiter=delimiter))
    assert lines.rules_are_none(beginning_at(0), delimiter, rows) is are_none


@pytest.mark.parametrize("mark", [b"~", b"^", b"\x1f"])
def test_rules_may_have_rare_delimiters(mark: bytes) -> None:
    lines = Lines.of(mark.join((b"id", b"name\n--", b"----\n1", b"a\n")), None)
    assert lines.text.count(b"\n") == 2
    assert lines.rules_are_none(beginning_at(0), mark.decode(), HEADER)


def test_lines_end_at_any_line_end() -> None:
    assert [end_of_lines(b"a\r\nb\rc\nd", count) for count in range(5)] == [0, 3, 5, 7, 8]
