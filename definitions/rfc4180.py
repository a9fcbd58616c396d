"""Tables as CSV in the one form of RFC 4180 that every program reads.

Commas, CRLF behind every record, quotes around a field only where it holds a comma, a quote, a CR
or an LF, quotes inside it doubled; UTF-8. An empty cell is nothing at all, but `""` where it is the
only one of its row: a line without any character would be no row.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

CRLF = "\r\n"


def header_line(names: Sequence[str]) -> bytes:
    """Return the record that names the columns."""
    frame = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return frame.write_csv(line_terminator=CRLF).encode()


def record_lines(frame: pl.DataFrame) -> bytes:
    """Return the records of a frame of text columns."""
    if frame.width > 1:  # the engine would quote what is empty and not null
        frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return frame.write_csv(line_terminator=CRLF, include_header=False).encode()
