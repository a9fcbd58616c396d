from __future__ import annotations

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.jsontext import Member, escaped, json_object
from tests.unit.definitions.cells import column

HOSTILE = st.text(st.sampled_from('"\\/\b\f\n\r\t\0\x01\x1f\x7f\u2028é😀{}[]:,'))
TEXTS = st.text() | HOSTILE


@given(texts=st.lists(TEXTS))
def test_a_quoted_text_reads_back_as_the_same_text(texts: list[str]) -> None:
    written = escaped(column(*texts))
    assert [None if text is None else orjson.loads(f'"{text}"') for text in written] == [
        text if text and "\0" not in text else None for text in texts
    ]


@given(members=st.dictionaries(TEXTS, TEXTS | st.none()))
def test_an_object_reads_back_as_its_members_without_the_null_ones(
    members: dict[str, str | None],
) -> None:
    values = [escaped(column(text or "")).rename(str(n)) for n, text in enumerate(members.values())]
    columns = {name: Member(pl.col(str(n)), quoted=True) for n, name in enumerate(members)}
    written = pl.DataFrame(values).select(json_object(columns)).item()
    assert orjson.loads(written) == {
        name: text for name, text in members.items() if text and "\0" not in text
    }


@given(rows=st.lists(st.tuples(*[st.booleans()] * 4), min_size=1))
def test_quotes_stand_around_the_members_that_need_them(rows: list[tuple[bool, ...]]) -> None:
    cells = [["1" if filled else None for filled in row] for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys("abcd", pl.String), orient="row")
    members = {name: Member(pl.col(name), quoted=name in "ac") for name in "abcd"}
    written = frame.select(json_object(members)).to_series()
    assert [orjson.loads(text) for text in written] == [
        {k: "1" if k in "ac" else 1 for k in "abcd" if row[k] is not None}
        for row in frame.to_dicts()
    ]


@given(rows=st.lists(st.tuples(*[st.sampled_from(["1", None])] * 3), min_size=1))
def test_every_row_has_the_members_that_it_has_a_value_for(
    rows: list[tuple[str | None, ...]],
) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("cab", pl.String), orient="row")
    written = frame.select(json_object({name: Member(pl.col(name)) for name in "cab"})).to_series()
    assert written.to_list() == [
        "{" + ",".join(f'"{k}":1' for k in "cab" if row[k] is not None) + "}"
        for row in frame.to_dicts()
    ]


@pytest.mark.parametrize("rare", ["c", "a", "b", "ca", "cab"])
def test_rows_that_lack_what_hardly_any_row_lacks_have_the_others(rare: str) -> None:
    rows: list[dict[str, str | None]] = [dict.fromkeys("cab", "1") for _ in range(100)]
    for place, name in enumerate(rare):
        rows[40 + place][name] = None
        rows[70][name] = None
    rows[10]["b"] = rows[11]["b"] = None
    for row in rows[20:30]:  # and what many lack
        row["a"] = None
    frame = pl.DataFrame(rows, schema=dict.fromkeys("cab", pl.String))
    members = {name: Member(pl.col(name), quoted=name == "c") for name in "cab"}
    assert [orjson.loads(text) for text in frame.select(json_object(members)).to_series()] == [
        {k: "1" if k == "c" else 1 for k in "cab" if row[k] is not None} for row in rows
    ]


def test_members_stand_in_the_order_in_which_they_are_given() -> None:
    values = {"b": "1", "a": "2", "é": "3", "B": "4"}
    members = {name: Member(pl.lit(value)) for name, value in values.items()}
    assert pl.select(json_object(members)).item() == '{"b":1,"a":2,"é":3,"B":4}'


def test_an_object_of_nothing_is_empty() -> None:
    unset = {"a": Member(pl.lit(None, pl.String))}
    assert [pl.select(json_object(members)).item() for members in ({}, unset)] == ["{}", "{}"]
