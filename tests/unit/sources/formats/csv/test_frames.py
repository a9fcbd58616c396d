from __future__ import annotations

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import example, given

from sources.formats.csv.frames import read_frame
from sources.formats.csv.writing import QUOTED, Form, Text, write_row

PLAIN = Form(separator=b"\x1f", quote=b"\x1e", row_end=b"\x1d")
CELL = st.text(alphabet='a"\r\n,;\x00\x1f\x1e\x1d \ufeffé', max_size=4)


@pytest.mark.parametrize("form", [QUOTED, PLAIN, Form(separator=b" ", quote=b"'")])
@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=6))
@example(rows=[["\ufeff", "\ufeff"], ["", "\r"], ["\r", ""], ["\r\r", "\r\n"]])
def test_every_cell_comes_back_as_it_was_written(form: Form, rows: list[list[str]]) -> None:
    texts = (
        Text(form=form, content=write_row([cell.encode() for cell in row], form)) for row in rows
    )
    frame = read_frame(texts, ["a", "b"])
    assert frame.schema == {"a": pl.String, "b": pl.String}
    assert [list(row) for row in frame.rows()] == rows


def test_a_column_alone_keeps_its_empty_cells() -> None:
    texts = [Text(form=form, content=form.row_end * 2) for form in (QUOTED, PLAIN)]
    assert read_frame(texts, ["a"]).rows() == [("",)] * 4


def test_texts_in_several_forms_are_one_frame() -> None:
    texts = [Text(form=QUOTED, content=b"1,2\n"), Text(form=PLAIN, content=b"3\x1f,\x1d")]
    assert read_frame(texts, ["a", "b"]).rows() == [("1", "2"), ("3", ",")]


@pytest.mark.parametrize("first", [chr(code) for code in range(128)])
def test_text_is_text_whatever_it_begins_with(first: str) -> None:
    seconds = [chr(code) for code in range(128)] + ["é", "Ж", "ڀ", "ڭ", "ڿ", "\u2028", "\ufeff"]
    for second in seconds:
        cells = [first + second + "bc", "2"]
        line = write_row([cell.encode() for cell in cells], QUOTED)

        assert read_frame([Text(form=QUOTED, content=line)], ["a", "b"]).rows() == [tuple(cells)]
