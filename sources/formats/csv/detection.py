"""Finding out how a delimited file is written, from its beginning."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from definitions.model import FileFormat, RecordEnd
from sources.formats.csv.dialect import QUOTE, Dialect

DELIMITERS = ",;\t|"
DETECTION_SIZE = 1 << 16
FIRST_LINE_END = re.compile(rb'[^"\r\n]*+(?:"[^"]*+"[^"\r\n]*+)*+(\r\n|\r|\n)')
LINE_ENDS = {b"\n": RecordEnd.LF, b"\r\n": RecordEnd.CRLF, b"\r": RecordEnd.CR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How a file is written and where its table begins.

    `skip_rows` physical lines come before the header, which has `header_rows` records (0: there
    is none). `evidence` tells a person why.
    """

    dialect: Dialect
    skip_rows: int = 0
    header_rows: int = 1
    evidence: Mapping[str, str] = field(default_factory=dict)


def detect(
    sample: bytes, layout: FileFormat, wanted: frozenset[str], *, complete: bool
) -> Detection:
    """Return how the UTF-8 text is written that begins with `sample`.

    What `layout` says is taken as it is, the rest is found out. `wanted` are column names that
    somebody looks for. `complete` tells that the sample is the whole text.
    """
    del wanted, complete
    quote = QUOTE if layout.quote is None else layout.quote.encode() or None
    dialect = Dialect(
        delimiter=(layout.delimiter or "").encode() or find_delimiter(sample),
        quote=quote,
        escape=quote if layout.escape is None else layout.escape.encode() or None,
        record_end=layout.record_end or find_line_end(sample),
    )
    header_rows = 1 if layout.header_rows is None else layout.header_rows
    return Detection(dialect=dialect, skip_rows=layout.skip_rows or 0, header_rows=header_rows)


def find_line_end(sample: bytes) -> RecordEnd:
    """Return what ends the first line that is not empty."""
    found = FIRST_LINE_END.match(sample.lstrip(b"\r\n"))
    if found is not None:
        return LINE_ENDS[found.group(1)]
    return RecordEnd.CR if b"\r" in sample and b"\n" not in sample else RecordEnd.LF


def find_delimiter(sample: bytes) -> bytes:
    """Return the delimiter under which the most fields line up with the header.

    For each candidate the beginning of the file is read with it; what counts is how many records
    have as many fields as the first one, times how many delimiters that one has. A file without
    any is one column, as if separated by commas.
    """
    text = sample[:DETECTION_SIZE].decode(errors="replace")
    complete = len(sample) <= DETECTION_SIZE
    scores = {mark: _score(text, mark, complete=complete) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: scores[mark]).encode()


def _score(text: str, delimiter: str, *, complete: bool) -> int:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths = [len(row) for row in rows if row]
    if not complete:
        widths = widths[:-1] or widths  # the last record is cut
    if not widths:
        return 0
    return widths.count(widths[0]) * (widths[0] - 1)
