"""From rows in any form to a frame of text columns."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from sources.formats.csv.writing import Text, merged

Schema = Mapping[str, pl.String]

# What the column engine does not read as the text that it is: it takes a byte order mark away, and
# unpacks what begins like zlib's, gzip's or zstd's bytes (`x^`). A mark before it keeps it.
_MISTAKEN: Final = (codecs.BOM_UTF8, b"x", b"\x1f", b"(")


def read_frame(texts: Iterable[Text], names: Iterable[str]) -> pl.DataFrame:
    """Return all rows of `texts`, one String column per name; an empty cell is ""."""
    schema = dict.fromkeys(names, pl.String())
    frames = [_frame(text, schema) for text in merged(texts) if text.content]
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def _frame(text: Text, schema: Schema) -> pl.DataFrame:
    content, form = text.content, text.form
    if content.startswith(_MISTAKEN):
        content = codecs.BOM_UTF8 + content
    return pl.read_csv(
        content,
        has_header=False,
        schema=schema,
        separator=form.separator.decode(),
        quote_char=form.quote.decode(),
        eol_char=form.row_end.decode(),
        empty_string_is_null=False,
    )
