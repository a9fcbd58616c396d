from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from definitions.batches import Position
from definitions.model import MalformedRows
from sources.formats.json.layout import Layout, record_beginning
from sources.formats.json.splitter import split
from sources.gathering import Cells, Gathering, Place

START = Position(byte=0, row=1, line=1)


def no_cells(records: Sequence[dict[str, Any]]) -> Cells:
    return Cells(pl.DataFrame({"a": [""] * len(records)}))


def cut(data: bytes, layout: Layout, size: int) -> tuple[list[object], list[Position]]:
    gathering: Gathering[dict[str, Any]] = Gathering("f", no_cells, 1, MalformedRows.REJECT)
    ends = list(split(io.BytesIO(data).read, layout, START, gathering, size))
    return [record["a"] for record in gathering.kept], ends


@pytest.mark.parametrize("size", [1, 5, 10, 1000])
def test_blocks_end_between_records(size: int) -> None:
    layout = Layout(where="", begin=START, bracketed=True, next_record=record_beginning('{"a":1'))
    records, ends = cut(b'{"a":1},\n{"a":2} , {"a":3}\n]', layout, size)
    assert records == [1, 2, 3]
    assert ends[-1] == Position(byte=27, row=4, line=3)
    assert {end.byte for end in ends} <= {8, 17, 18, 19, 26, 27}


@pytest.mark.parametrize("record", [b'{"a":"x}', b'{"a":{"b":1}', b'{"a":[}', b'{"a":1}}'])
@pytest.mark.parametrize("between", [b",", b",\n"], ids=["compact", "lines"])
def test_a_flaw_in_every_record_does_not_make_it_slow(record: bytes, between: bytes) -> None:
    """Were a block looked at again for each of them, this would run into the time limit."""
    layout = Layout(
        where="",
        begin=START,
        bracketed=True,
        next_record=record_beginning(f'{between.decode()[1:]}{{"a":'),
    )
    gathering: Gathering[dict[str, Any]] = Gathering("f", no_cells, 1, MalformedRows.REJECT)
    data = between[1:] + between.join([record] * 3_000) + b"]"
    count = 0
    for end in split(io.BytesIO(data).read, layout, START, gathering):
        if gathering.is_full:
            count += sum(batch.read for batch in gathering.flush(end))
    gathering.keep({}, Place(row=0, line=0))
    (last,) = gathering.flush(START)
    assert count + last.read > 3_000


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":"' + b"x" * (5 << 20),
        b"[" * (5 << 20),
        b'{"a":' + b'"' * (5 << 20),
        b"\\" * (5 << 20),
    ],
    ids=["a string", "brackets", "quotes", "backslashes"],
)
def test_what_never_ends_is_skipped(data: bytes) -> None:
    layout = Layout(where="", begin=START, bracketed=True, next_record=record_beginning('{"a":'))
    records, ends = cut(data, layout, 1 << 20)
    assert records == []
    assert ends[-1].byte == len(data)


@pytest.mark.parametrize("policy", [MalformedRows.REJECT, MalformedRows.PAD])
@pytest.mark.parametrize(
    "data",
    [
        b'[{"id":0},{"id":1,"a":"x\ny"},{"id":: 2},{"id":3 "l":[1,{"id":3}]},{"id":4}]',
        b'[{"id":0}, {"id":1,"a":"x\n}, {"id":2}},{"id":3,"l":[{"id":3}}, {"id":4} {"id":5}]',
        b'[\n {"id":}0, "l":[{"id":0}]},\n \\{"id":1], "a":"x"},\n {"id"}: 2},\n {"id":4}\n]',
        b'{"id":0} {"id":1} ,"id"\\, 2, "a": y", "l": [1,{"id":2}]} {"id":3} {"id":4}',
        b"[{'id':0}, {\"id\":1,'a':'x\ny'}, {'id':2 'b':[{'id':3}]} {'id':4}, {'id':5}]",
    ],
)
def test_what_becomes_of_broken_items_does_not_depend_on_blocks(
    data: bytes, policy: MalformedRows
) -> None:
    beginning = data.lstrip(b"[").decode()
    layout = Layout(
        where="",
        begin=START,
        bracketed=data[:1] == b"[",
        next_record=record_beginning(beginning),
    )
    sizes = (1, 16, 17, 23, 40, 64, 100, 1 << 10, 1 << 20)
    first, *others = [everything(data[data[:1] == b"[" :], layout, size, policy) for size in sizes]
    assert all(seen == first for seen in others)


def everything(data: bytes, layout: Layout, size: int, policy: MalformedRows) -> object:
    gathering: Gathering[dict[str, Any]] = Gathering("f", no_cells, 1, policy)
    ends = list(split(io.BytesIO(data).read, layout, START, gathering, size))
    records = list(gathering.kept)
    (batch,) = gathering.flush(ends[-1])
    return records, batch.rows.tolist(), batch.lines.tolist(), batch.faults, batch.end
