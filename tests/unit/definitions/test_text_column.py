from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from definitions.keytext import WHITE_SPACE
from definitions.text_column import TextColumn, columns_of, only, put
from tests.unit.definitions.cells import column

TEXTS = st.lists(st.text() | st.text(WHITE_SPACE + "a\x1f") | st.just(""))


def bytes_of(some: TextColumn) -> list[bytes]:
    """Return the bytes of each text as the column has them."""
    bounds = zip(some.starts.tolist(), some.ends.tolist(), strict=True)
    return [some.data[start:end].tobytes() for start, end in bounds]


@given(texts=TEXTS)
def test_the_bytes_are_those_of_the_texts(texts: list[str]) -> None:
    some = column(*texts)

    assert some.texts.to_list() == texts
    assert bytes_of(some) == [text.encode() for text in texts]
    assert some.lengths.tolist() == [len(text.encode()) for text in texts]


def test_every_column_of_a_frame_has_its_own_bytes() -> None:
    frame = pl.DataFrame({"a": ["x", "yz"], "b": ["", "é"]})

    assert [bytes_of(each) for each in columns_of(frame)] == [[b"x", b"yz"], [b"", "é".encode()]]
    assert [bytes_of(each) for each in columns_of(frame.clear())] == [[], []]


@given(texts=TEXTS)
def test_trimming_is_that_of_the_column_engine(texts: list[str]) -> None:
    stripped = pl.Series(texts, dtype=pl.String).str.strip_chars().to_list()

    trimmed = column(*texts).trimmed()

    assert trimmed.texts.to_list() == stripped
    assert bytes_of(trimmed) == [text.encode() for text in stripped]


@given(texts=st.lists(st.text("ab")), letter=st.sampled_from("abc"))
def test_rows_that_have_a_byte_are_told_once_and_in_order(texts: list[str], letter: str) -> None:
    some = column(*texts)

    rows = some.rows_with(np.flatnonzero(some.data == ord(letter)))

    assert rows.tolist() == [row for row, text in enumerate(texts) if letter in text]


def test_texts_of_one_length_come_place_by_place() -> None:
    some, all_alike = column("abc", "x", "def", ""), column("abc", "def")

    wanted = [b"ad", b"be", b"cf"]
    assert [line.tobytes() for line in some.block(np.array([0, 2]), 3)] == wanted
    assert [line.tobytes() for line in all_alike.block(np.array([0, 1]), 3)] == wanted


def test_some_rows_are_a_column_of_their_own() -> None:
    assert bytes_of(column("a", "bc", "").part(np.array([1, 2]))) == [b"bc", b""]


def test_values_are_left_out_and_put_in_without_changing_the_column() -> None:
    values, wanted = pl.Series(["a", "b", "c"]), np.array([True, False, True])

    assert only(values, wanted).to_list() == ["a", None, "c"]
    assert put(values, np.array([0, 2]), pl.Series(["x", None])).to_list() == ["x", "b", None]
    assert put(values, np.array([], np.int64), pl.Series([], dtype=pl.String)).equals(values)
    assert values.to_list() == ["a", "b", "c"]
