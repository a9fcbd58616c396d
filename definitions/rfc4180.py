"""Tables as CSV in the one form of RFC 4180 that every program reads.

Commas, CRLF behind every record, quotes around a field only where it holds a comma, a quote, a CR
or an LF, or where the record would begin like a file with a byte order mark; quotes inside it are
doubled; UTF-8. An empty cell is nothing at all, but `""` where it is the only one of its row: a
line without any character would be no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import polars as pl

CRLF: Final = "\r\n"
_MARK: Final = "\ufeff"


def header_line(names: Sequence[str]) -> bytes:
    """Return the record that names the columns; without any it is an empty line."""
    if not names:
        return CRLF.encode()
    numbered = dict.fromkeys(map(str, range(len(names))), pl.String)
    return record_lines(pl.DataFrame([names], schema=numbered, orient="row"))


def record_lines(frame: pl.DataFrame) -> bytes:
    """Return the records of a frame of text columns."""
    if not frame.width:
        return b""
    marked = frame.to_series(0).str.starts_with(_MARK).rle()
    lines, at = [], 0
    for length, is_marked in zip(marked.struct["len"], marked.struct["value"], strict=True):
        lines.append(_lines(frame.slice(at, length), quote="always" if is_marked else "necessary"))
        at += length
    return b"".join(lines)


def _lines(frame: pl.DataFrame, quote: Literal["always", "necessary"]) -> bytes:
    if frame.width > 1:  # the engine would quote what is empty and not null
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    written = frame.write_csv(line_terminator=CRLF, include_header=False, quote_style=quote)
    return written.encode()
