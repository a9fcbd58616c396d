from __future__ import annotations

import sys

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from definitions.conversion import as_key
from definitions.keytext import WHITE_SPACE, trimmed


@given(key=st.text() | st.text(WHITE_SPACE + "a"))
def test_a_key_is_trimmed_as_a_cell_is(key: str) -> None:
    if "\0" not in key and len(key) < 100:
        assert (as_key().values(pl.Series([key])).item() or "") == trimmed(key)


def test_all_that_the_column_engine_strips_is_white_space() -> None:
    codes = [code for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    characters = pl.Series(list(map(chr, codes)))

    stripped = characters.filter(characters.str.strip_chars() == "").to_list()

    assert "".join(stripped) == WHITE_SPACE
