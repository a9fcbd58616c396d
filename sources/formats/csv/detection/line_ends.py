"""What ends the rows of a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from definitions.model import RecordEnd
from sources.formats.csv.detection.reading import Row

FIRST_LINE_END = re.compile(rb'[^"\r\n]*+(?:"[^"]*+"[^"\r\n]*+)*+(\r\n|\r|\n)')
LINE_ENDS = {b"\n": RecordEnd.LF, b"\r\n": RecordEnd.CRLF, b"\r": RecordEnd.CR}
LONE_RETURN = re.compile(rb"\r(?!\n)")
WHITE_SPACE = b"\x0b"  # that neither ends lines nor parts fields


def find_line_end(sample: bytes) -> RecordEnd:
    """Return what ends the first line that is not empty."""
    found = FIRST_LINE_END.match(sample.lstrip(b"\r\n"))
    if found is not None:
        return LINE_ENDS[found.group(1)]
    return RecordEnd.CR if b"\r" in sample and b"\n" not in sample else RecordEnd.LF


def with_returns_as_content(text: bytes, record_end: RecordEnd | None) -> bytes:
    """Return `text`, as long as it is, with other white space for CRs that end no record in it.

    Without a `record_end`, when it is not known yet, each CR may end one.
    """
    is_content = record_end in {RecordEnd.LF, RecordEnd.CRLF}
    return LONE_RETURN.sub(WHITE_SPACE, text) if is_content else text


def find_record_end(rows: Sequence[Row], width: int) -> tuple[RecordEnd, str]:
    """Return what ends the rows among `rows`, which were cut at every line end, and why.

    Where line ends are mixed, the rarer ones count only if whole rows stand before them; else they
    are content.
    """
    kinds = Counter(row.end for row in rows if row.end)
    if not kinds:
        return RecordEnd.LF, "there is no line end"
    usual = LINE_ENDS[kinds.most_common(1)[0][0].encode()]
    if len(kinds) == 1:
        return usual, "all the same"
    counts = ", ".join(f"{count} {end!r}" for end, count in kinds.most_common())
    odd = [i for i, row in enumerate(rows[:-1]) if row.end and _kind(row) != usual]
    halves = sum(_are_halves(rows[i], rows[i + 1], width) for i in odd)
    if halves * 2 > len(odd):
        return usual, f"{counts}, of which the rarer ones cut rows in pieces"
    return RecordEnd.ANY, counts


def _kind(row: Row) -> RecordEnd:
    return LINE_ENDS[row.end.encode()]


def _are_halves(first: Row, second: Row, width: int) -> bool:
    """Tell whether two rows make one of the table, with the line end between them as content.

    Nothing is half a row: the CR of LF CR, which some programs write, is no content.
    """
    sizes = len(first.cells), len(second.cells)
    is_blank = first.is_blank or second.is_blank
    return width > 1 and sum(sizes) - 1 == width and not is_blank
