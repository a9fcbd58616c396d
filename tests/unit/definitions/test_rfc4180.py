from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from definitions.rfc4180 import header_line, record_lines

CELLS = st.text(
    st.sampled_from("ab\"',;\t|\r\n\\ \0é😀\ufeff#") | st.characters(codec="utf-8"), max_size=6
)


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str, ...]]:
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=8))


def frame(rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    names = [f"c{n}" for n in range(len(rows[0]))]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


@given(tables())
def test_another_reader_reads_the_same_cells(rows: list[tuple[str, ...]]) -> None:
    text = record_lines(frame(rows)).decode()

    assert list(map(tuple, csv.reader(io.StringIO(text, newline=""), strict=True))) == rows


@given(tables())
@example([("\ufeff", "a"), ("a", "\ufeff")])
def test_quotes_stand_only_where_they_are_needed(rows: list[tuple[str, ...]]) -> None:
    def written(cell: str, *, marked: bool) -> str:
        if marked or set(cell) & set(',"\r\n') or (cell == "" and len(rows[0]) == 1):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    expected = "".join(
        ",".join(written(cell, marked=row[0].startswith("\ufeff")) for cell in row) + "\r\n"
        for row in rows
    )

    assert record_lines(frame(rows)) == expected.encode()


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ([], b"\r\n"),
        (["id"], b"id\r\n"),
        (["id", "a, b", 'the "x"'], b'id,"a, b","the ""x"""\r\n'),
        (["ü", "two\r\n"], 'ü,"two\r\n"\r\n'.encode()),
    ],
)
def test_the_names_of_the_columns_are_a_record_too(names: list[str], line: bytes) -> None:
    assert header_line(names) == line


def test_no_rows_are_no_bytes() -> None:
    assert record_lines(pl.DataFrame(schema={"a": pl.String, "b": pl.String})) == b""
    assert record_lines(pl.DataFrame()) == b""


def test_no_record_begins_like_a_file_with_a_byte_order_mark() -> None:
    rows = [("a", "b"), ("\ufeffx", ""), ("\ufeff", "1"), ("c", "\ufeffd")]

    assert record_lines(frame(rows)).decode() == (
        'a,b\r\n"\ufeffx",""\r\n"\ufeff","1"\r\nc,\ufeffd\r\n'
    )
    assert header_line(["\ufeffa", "b"]).decode() == '"\ufeffa","b"\r\n'
