from __future__ import annotations

import io
import json
import random
import re

import pytest

from sources.formats.json import leaving
from sources.formats.json.feed import Feed, Trail
from sources.formats.json.layout import page_beginning
from sources.formats.json.leaving import End, Leaving

REST = json.dumps(
    [{"a": "}]\\\"{'\\\\"}, [[{"b": []}]], "x" * 90, {"\\\\\\": {}}, "ü{"], ensure_ascii=False
).encode()
BORDER = page_beginning('{"items": [1]}')


def left(text: bytes, depth: int = 1) -> tuple[End, int, int]:
    trail = Trail(Feed(io.BytesIO(text).read), 0, 1, 1)
    end = Leaving(trail, depth, BORDER).run()
    return end, trail.byte, trail.line


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 20])
@pytest.mark.parametrize("overlap", [60, 1 << 12])
def test_the_end_is_found_however_the_text_is_cut_in_pieces(
    size: int, overlap: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "FIRST_PIECE", size)
    monkeypatch.setattr(leaving, "LONGEST_PIECE", 3 * size)
    monkeypatch.setattr(leaving, "OVERLAP", overlap)
    text = b', "more": ' + REST + b"\n}, 5\n}"
    assert left(text + b'{"items"', 2) == (End.WHOLE, len(text), 3)
    assert left(text[:-1], 2) == (End.CUT, len(text) - 1, 3)
    assert left(text.replace(b"}, 5", b"], 5"), 2)[0] is End.BROKEN
    broken = b', "more": ' + REST + b', "lost\n": 1}\n'
    assert left(broken + b'{"items": [') == (End.BROKEN, len(broken), 3)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 20])
@pytest.mark.parametrize(
    ("text", "is_repeated"),
    [
        (b',"items":[1]}}', True),
        (b',"a":{"b":[]},"items" :\n[{}],"c":1}}', True),
        (b',"a":{"items":[1]}}}', False),
        (b',"a":{"items":[1]},"items":[2]}}', True),
        (b'}},"items":[', False),
        (b'},"items":[1]}', False),
        (b'},"a":{"items":[1]}}', False),
        (b',"a":"\\"items\\":[","items":1}}', False),
    ],
)
def test_a_list_that_is_there_again_is_noticed(
    size: int, text: bytes, is_repeated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "FIRST_PIECE", size)
    trail = Trail(Feed(io.BytesIO(text).read), 0, 1, 1)
    found = Leaving(trail, 2, None, re.compile(rb'"items"\s*+:\s*+\['))
    assert found.run() is End.WHOLE
    assert found.is_repeated is is_repeated


def test_the_head_is_the_beginning_also_of_much() -> None:
    text = b',"a":"' + bytes(random.Random(1).choices(b"abc", k=3 << 20))
    trail = Trail(Feed(io.BytesIO(text).read), 0, 1, 1)
    found = Leaving(trail, 1, None)
    assert found.run() is End.CUT
    assert found.head == text[: leaving.SHOWN_SIZE]
    assert trail.byte == len(text)
