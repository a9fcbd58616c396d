from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from sources.formats.json.structure import find_borders, near_border

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\,[]{}é\n'),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", '"', "\\,"]), inner),
    max_leaves=6,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=6))
def test_the_commas_between_items_and_the_closing_bracket_are_found(values: list[object]) -> None:
    texts = [json.dumps(value).encode() for value in values]
    block = b",".join(texts)
    ends = [len(b",".join(texts[:count])) for count in range(1, len(texts) + 1)]
    found = find_borders(block + b"] , [")
    assert found.commas == ends[:-1]
    assert found.closing == ends[-1]
    assert found.anomaly == len(block) + 5


def test_nothing_counts_behind_a_line_end_inside_a_string() -> None:
    found = find_borders(b'{"a":1},{"a":"x},\n{"a":2}]')
    assert found.commas == [7]
    assert found.anomaly == 17
    assert found.closing == 26


def test_escaped_quotes_are_no_quotes() -> None:
    assert find_borders(rb'"\"",1').commas == [4]
    assert find_borders(rb'"\\",1').commas == [4]
    assert find_borders(rb'"\\\",1').commas == []


@pytest.mark.parametrize(
    ("block", "end", "found"),
    [
        (b'{"a": [1,2]} , {', 99, (13, False)),
        (b'{"a": 1}]', 99, (8, False)),
        (b'{"a": 1} , {', 8, (None, False)),
        (b'{"a": 1} ', 99, (None, True)),
        (b'{"a": 1 "b": 2}\n{"a": 2}, 3', 16, (None, False)),
        (b'{"a": "}" 1}, 2', 15, (12, False)),
        (b'{"a": "}" 1}, 2', 12, (None, False)),
        (b'{"a": "x\n"}, {', 99, (None, False)),
        (b'{"a": "' + b"x" * 5000 + b'"},', 9000, (5009, False)),
    ],
)
def test_the_border_of_one_item_is_looked_for_near_it(
    block: bytes, end: int, found: tuple[int | None, bool]
) -> None:
    assert near_border(block, 0, end) == found
