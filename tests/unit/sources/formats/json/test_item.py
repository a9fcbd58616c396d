from __future__ import annotations

import re

import pytest

from sources.formats.json.item import has_match_inside_string, parse_item, suspicious_from


def test_an_item_ends_where_a_parser_says() -> None:
    text = ' [{"a":"' + "x" * 100_000 + '"}],'
    assert parse_item(text, 1).end == len(text) - 1
    assert parse_item("12", 0).end == 2


@pytest.mark.parametrize(
    "text",
    ['{"a":"x', '{"a":tru', '{"a":1', '{"a":1,', '{"a"', '{"a":"\\u12', "{", '{"a":-', '{"a":1.',
     '{"a":1.5e', "[1, ", "[nul"],
)  # fmt: skip
def test_what_is_right_as_far_as_it_goes_is_cut(text: str) -> None:
    assert parse_item(text, 0).is_cut


@pytest.mark.parametrize("text", ['{"a":1 "b"}', '{"a":x', '{"a":"b" c', "[1}", "[" * 9999])
def test_what_is_wrong_is_not_cut(text: str) -> None:
    item = parse_item(text, 0)
    assert item.failure is not None
    assert not item.is_cut


def test_a_lost_border_is_looked_for_in_the_last_string() -> None:
    text = '{"a":[{"a":1},{"a":2}],"b":"x},{"a":3}'
    item = parse_item(text, 0)
    start = suspicious_from(text, 0, item.end)
    assert re.compile(r',\s*(?={"a":)').search(text, start).start() == 30  # type: ignore[union-attr]


def test_a_match_inside_a_string_is_told_from_one_outside() -> None:
    pattern = re.compile(r',(?={"a":)')
    assert has_match_inside_string('"x},{"a":', pattern, 0)
    assert not has_match_inside_string('"x\\"",{"a":', pattern, 0)
