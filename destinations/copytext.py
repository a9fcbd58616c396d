"""A frame as the text that PostgreSQL's COPY reads.

Searching for several texts at once costs the column engine five times what one search for each
does, and what passes through a Python string is copied and checked twice. So what has to be escaped
is looked for in all bytes of a column at once, and only the texts that have it are touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from definitions.text_column import put

_LINES: Final = 4096  # per piece
_ESCAPES: Final = (
    ("\\", "\\\\"),
    ("\t", "\\t"),
    ("\n", "\\n"),
    ("\r", "\\r"),
)  # the backslash first


def copy_text(lines: pl.Series) -> Iterator[bytes]:
    """Yield the lines in pieces of some hundred kilobytes, each with its ends of lines."""
    for start in range(0, len(lines), _LINES):
        part = lines.slice(start, _LINES)
        text: bytes = part.str.join("\n").cast(pl.Binary).item()
        yield text
        yield b"\n"


def copy_lines(frame: pl.DataFrame) -> pl.Series:
    """Return each row as its line: tabs between columns, null as COPY writes it.

    A line can be one part of a longer one.
    """
    cells = [_cells(column).fill_null("\\N").alias(column.name) for column in frame]
    return pl.select(pl.concat_str(cells, separator="\t").alias("line")).to_series()


def _cells(column: pl.Series) -> pl.Series:
    """Return a column's values as COPY writes them."""
    if column.dtype == pl.Binary:
        return "\\\\x" + column.bin.encode("hex")
    if column.dtype != pl.String:
        return column.cast(pl.String)
    joined = column.str.join("", ignore_nulls=True).cast(pl.Binary).item() or b""
    for special, escape in _ESCAPES:
        if special.encode() in joined:
            are_special = column.str.contains(special, literal=True).fill_null(value=False)
            some = column.filter(are_special).str.replace_all(special, escape, literal=True)
            column = put(column, np.flatnonzero(are_special.to_numpy()), some)
    return column
