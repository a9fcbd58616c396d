from __future__ import annotations

import orjson
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from definitions.jsontext import json_object, quoted

HOSTILE = st.text(st.sampled_from('"\\/\b\f\n\r\t\0\x01\x1f\x7f\u2028é😀{}[]:,'))
TEXTS = st.text() | HOSTILE


@given(texts=st.lists(TEXTS))
def test_a_quoted_text_reads_back_as_the_same_text(texts: list[str]) -> None:
    column = pl.Series("text", texts, dtype=pl.String)
    written = column.to_frame().select(quoted(pl.col("text"))).to_series()
    assert [orjson.loads(text) for text in written] == texts


@given(members=st.dictionaries(TEXTS, TEXTS | st.none()))
def test_an_object_reads_back_as_its_members_without_the_null_ones(
    members: dict[str, str | None],
) -> None:
    columns = {name: quoted(pl.lit(text, pl.String)) for name, text in members.items()}
    written = pl.select(json_object(columns)).item()
    assert orjson.loads(written) == {
        name: text for name, text in members.items() if text is not None
    }


@given(rows=st.lists(st.tuples(*[st.sampled_from(["1", None])] * 3), min_size=1))
def test_every_row_has_the_members_that_it_has_a_value_for(
    rows: list[tuple[str | None, ...]],
) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("cab", pl.String), orient="row")
    written = frame.select(json_object({name: pl.col(name) for name in "cab"})).to_series()
    assert written.to_list() == [
        "{" + ",".join(f'"{k}":1' for k in "abc" if row[k] is not None) + "}"
        for row in frame.to_dicts()
    ]


def test_members_stand_in_the_order_of_their_names() -> None:
    members = {"b": pl.lit("1"), "a": pl.lit("2"), "é": pl.lit("3"), "B": pl.lit("4")}
    assert pl.select(json_object(members)).item() == '{"B":4,"a":2,"b":1,"é":3}'


def test_an_object_of_nothing_is_empty() -> None:
    unset = {"a": pl.lit(None, pl.String)}
    assert [pl.select(json_object(members)).item() for members in ({}, unset)] == ["{}", "{}"]
