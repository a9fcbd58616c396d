from __future__ import annotations

import io

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sources.formats.parquet.compact import fields


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ("00", {}),
        ("15 00 00", {1: 0}),
        ("15 01 00", {1: -1}),
        ("16 ac 02 00", {1: 150}),
        ("25 02 15 04 00", {2: 1, 3: 2}),
        ("05 28 02 00", {20: 1}),
        ("11 12 00", {1: True, 2: False}),
        ("13 ff 00", {1: b"\xff"}),
        ("17 00 00 00 00 00 00 f0 3f 00", {1: bytes.fromhex("000000000000f03f")}),
        ("18 02 61 62 00", {1: b"ab"}),
        ("19 25 02 04 00", {1: [1, 2]}),
        ("19 f5 10" + " 02" * 16 + " 00", {1: [1] * 16}),
        ("19 22 01 02 15 02 00", {1: [b"\x01", b"\x02"], 2: 1}),
        ("1a 15 02 00", {1: [1]}),
        ("1b 00 15 02 00", {1: [], 2: 1}),
        ("1b 01 58 02 01 61 00", {1: [(1, b"a")]}),
        ("1c 15 02 00 15 04 00", {1: {1: 1}, 2: 2}),
        ("1d" + " 00" * 16 + " 00", {1: bytes(16)}),
    ],
)
def test_values_of_every_kind_are_read(data: str, read: object) -> None:
    assert dict(fields(io.BytesIO(bytes.fromhex(data)))) == read


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "is cut"),
        ("15", "is cut"),
        ("18 05 61", "is cut"),
        ("18 ff ff ff ff ff ff ff ff ff 01 61", "is cut"),
        ("19 f3 ff ff ff ff 0f 01", "is cut"),
        ("15" + " ff" * 12, "has no end"),
        ("1e 00", "cannot be read"),
        ("1c " * 100, "cannot be read"),
        ("19 " * 100, "cannot be read"),
    ],
)
def test_what_is_no_structure_is_refused(data: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        dict(fields(io.BytesIO(bytes.fromhex(data))))


@given(st.binary(max_size=200))
def test_whatever_it_is_there_is_an_end(data: bytes) -> None:
    stream = io.BytesIO(data)
    try:
        found = dict(fields(stream))
    except ValueError:
        return
    assert len(found) <= stream.tell() <= len(data)
