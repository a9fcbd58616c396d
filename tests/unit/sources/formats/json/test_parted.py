from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from definitions.batches import Position
from definitions.model import MalformedRows
from sources.formats.json import parted
from sources.formats.json.events import data_of_event
from sources.formats.json.layout import LINE_END, Layout
from sources.formats.json.parted import PartedWalk
from sources.formats.json.record import cells_of
from sources.gathering import MAX_RECORD, Gathering

START = Position(byte=0, row=5, line=3)
no_cells = partial(cells_of, names=())


def walked(data: bytes, *, final: bool) -> tuple[PartedWalk, list[Any]]:
    gathering: Gathering[dict[str, Any]] = Gathering("f", no_cells, 1, MalformedRows.REJECT)
    walk = PartedWalk(data, START, Layout(where="", begin=START, parted_by=LINE_END), gathering)
    walk.run(final=final)
    return walk, [record["a"] for record in gathering.kept]


def test_a_walk_over_lines_takes_the_last_one_only_when_the_file_ends() -> None:
    data = b'{"a":1}\n\n{"a":2}'
    walk, records = walked(data, final=False)
    assert (walk.at, walk.row, walk.line_at(walk.at), records) == (9, 6, 5, [1])
    walk, records = walked(data, final=True)
    assert (walk.at, walk.row, walk.line_at(walk.at), records) == (16, 7, 5, [1, 2])


def test_a_line_that_is_too_long_is_left_to_be_skipped() -> None:
    walk, records = walked(b'{"a":"' + b"x" * (MAX_RECORD + 10), final=False)
    assert (walk.overlong, walk.row, records) == (True, 6, [])


def test_lines_that_may_begin_an_event_are_put_together_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = 0

    def counted(event: bytes) -> bytes | None:
        nonlocal looked_at
        looked_at += len(event)
        return data_of_event(event)

    monkeypatch.setattr(parted, "data_of_event", counted)
    data = b'data: {"a":\n' * 5000
    gathering: Gathering[dict[str, Any]] = Gathering("f", no_cells, 1, MalformedRows.REJECT)
    layout = Layout(where="", begin=START, parted_by=LINE_END, are_events=True)
    walk = PartedWalk(data, START, layout, gathering)
    walk.run(final=True)

    assert (walk.at, walk.row) == (len(data), 5005)
    assert looked_at == len(data)
