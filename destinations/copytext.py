"""A frame as the text that PostgreSQL's COPY reads."""

from __future__ import annotations

import polars as pl

_SPECIAL = ["\\", "\t", "\n", "\r"]
_ESCAPED = ["\\\\", "\\t", "\\n", "\\r"]


def copy_text(frame: pl.DataFrame) -> bytes:
    """Return the rows as COPY text: tabs between columns, null as COPY writes it."""
    cells = [_cells(column).fill_null("\\N").alias(column.name) for column in frame]
    lines = pl.DataFrame(cells).select(pl.concat_str(pl.all(), separator="\t").str.join("\n"))
    return f"{lines.item()}\n".encode()


def _cells(column: pl.Series) -> pl.Series:
    """Return a column's values as COPY writes them."""
    if column.dtype == pl.Binary:
        return "\\\\x" + column.bin.encode("hex")
    if column.dtype != pl.String:
        return column.cast(pl.String)
    if not column.str.contains_any(_SPECIAL).any():
        return column
    return column.str.replace_many(_SPECIAL, _ESCAPED)
