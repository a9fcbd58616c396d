from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from definitions.batches import Position
from definitions.model import MalformedRows
from sources.formats.json.layout import Layout, record_beginning
from sources.formats.json.record import cells_of
from sources.formats.json.walk import ItemWalk, Walk
from sources.gathering import MAX_RECORD, Gathering

START = Position(byte=0, row=5, line=3)
no_cells = partial(cells_of, names=())


def walked(data: bytes, *, final: bool) -> tuple[Walk, list[Any]]:
    gathering: Gathering[dict[str, Any]] = Gathering("f", no_cells, 1, MalformedRows.REJECT)
    layout = Layout(
        where="",
        begin=START,
        bracketed=True,
        next_record=record_beginning('{"a":1'),
    )
    walk = ItemWalk(data, START, layout, gathering)
    walk.run(final=final)
    return walk, [record["a"] for record in gathering.kept]


@pytest.mark.parametrize(
    ("data", "final", "reached", "found"),
    [
        (b'{"a":1},{"a":2}', False, (8, 6, False), [1]),
        (b'{"a":1},{"a":2}]  ', False, (15, 7, True), [1, 2]),
        (b'{"a":1} {"a":2}]', True, (15, 7, True), [1, 2]),
        (b'{"a":1},]', True, (8, 6, True), [1]),
        (b'{"a":[', False, (0, 5, False), []),
        (b'{"a":[', True, (6, 6, True), []),
        (b'{"a":1}}, {"a":2}]', True, (17, 8, True), [1, 2]),
        (b'{"a":1}//\n', False, (0, 5, False), []),
        (b'{"a":1}//\n , ', False, (13, 6, False), [1]),
        (b'{"a":1}//\n,,{"a":2}]', True, (19, 8, True), [1, 2]),
    ],
)
def test_a_walk_over_items_stops_where_the_whole_ones_do(
    data: bytes, final: bool, reached: tuple[int, int, bool], found: list[int]
) -> None:
    walk, records = walked(data, final=final)
    assert ((walk.at, walk.row, walk.ended), records) == (reached, found)


def test_a_broken_item_ends_at_its_border_also_behind_another_broken_one() -> None:
    data = b'{"a":"x\n"},{"a":1 "b":[{"a":3}]},{"a":2}]'
    walk, records = walked(data, final=True)
    assert ((walk.at, walk.row, walk.ended), records) == ((40, 8, True), [2])


def test_what_is_too_long_is_left_to_be_skipped() -> None:
    walk, records = walked(b'{"a":"' + b"x" * (MAX_RECORD + 10), final=False)
    assert (walk.overlong, walk.row, records) == (True, 6, [])
