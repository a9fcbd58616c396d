from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from sources.formats.json import structure
from sources.formats.json.nearby import end_nearby, look_nearby

PIECES = st.lists(
    st.sampled_from(
        [
            b'"',
            b"\\",
            b"\\\\",
            b'\\"',
            b"\n",
            b",",
            b"[",
            b"]",
            b"{",
            b"}",
            b"1",
            b"a",
            b'"a"',
            b" ",
        ]
    ),
    max_size=30,
).map(b"".join)


@given(PIECES)
def test_mark_by_mark_finds_what_is_found_at_once(text: bytes) -> None:
    near, whole = look_nearby(text, 0, len(text)), structure._all_borders(text)
    found = [len(text) if place is None else place for place in (near.closing, near.anomaly)]
    assert near.commas == whole.commas
    assert found == [whole.closing, whole.anomaly]


@given(PIECES, PIECES)
def test_what_the_first_bytes_decide_is_so_for_a_whole_block(text: bytes, rest: bytes) -> None:
    block = text + rest
    near, whole = look_nearby(block, 0, len(text)), structure._all_borders(block)
    if near.closing is not None or near.anomaly is not None:
        assert near.commas == whole.commas
        assert (near.closing, near.anomaly) in {
            (whole.closing, None),
            (None, whole.anomaly),
        }


@given(st.integers(1, 3), PIECES)
def test_the_end_of_objects_is_that_of_their_brackets(depth: int, text: bytes) -> None:
    found = structure.find_brackets(text, inside=False)
    depths = depth + np.cumsum(found.steps)
    lowest = np.minimum(np.minimum.accumulate(depths), depth)
    places = found.places[np.flatnonzero(np.diff(lowest, prepend=depth) < 0)].tolist()[:depth]
    is_whole = len(places) == depth and all(text[place] == ord("}") for place in places)
    assert end_nearby(text, len(text), depth) == (places[-1] + 1 if is_whole else None)


def test_only_so_many_commas_are_looked_for() -> None:
    assert look_nearby(b"1,2,3]", 0, 6, most=1).commas == [1]
    assert look_nearby(b"1,2,3]", 2, 6).commas == [3]


def test_a_list_that_ends_in_some_thousand_bytes_is_all_that_is_looked_at() -> None:
    block = b",".join([b'{"a": 1}'] * 200) + b"]" + b'\n"x' * 20_000
    found = structure.find_borders(block)
    assert len(found.commas) == 199
    assert found.closing == block.index(b"]")
    assert found.anomaly == len(block)
