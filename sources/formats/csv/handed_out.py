"""Whether a malformed row came back as it was handed out.

Programs that read and write delimited text change rows that nobody touched: they fill them up to
the width of the header, put quotes around cells or take them away, and write numbers and dates in
their own way. Where a quote is not closed, they read what follows into its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from definitions.faults import FaultCode
from definitions.reformatting import looks_alike
from definitions.rejects import PLAIN_FORM, RejectedRow, TextForm
from sources.formats.csv.rejected import cells_of, dialect_of
from sources.formats.csv.repair import QUOTES_OUT_OF_PLACE
from sources.formats.csv.whole_row import parse_whole_row
from sources.gathering import MAX_COLUMNS

QUOTES = str.maketrans("", "", "\"'")
_NEXT_ROW = re.compile(r"\s*(?:\Z|\d+(\W{1,4})\d+\1\w+\1)")  # its line, number and code


def is_as_handed_out(
    was: RejectedRow, form: TextForm, cells: Sequence[str] | None, text: bytes
) -> bool:
    """Tell whether nobody changed a row, that came back as these cells and this text.

    `form` is how its file is written; `cells` are None if the row cannot be parted still.
    """
    content = b"" if was.as_cells else (was.content or b"").rstrip(b"\r\n")
    if cells is None:
        told = form.delimiter.encode() + content
        return not was.as_cells and text.rstrip(b"\r\n").endswith(told)
    if any(_are_alike(reading, cells) for reading in _readings(was, form, content)):
        return True
    return was.code == FaultCode.UNCLOSED_QUOTE and _is_read_on(content, form, cells)


def _readings(was: RejectedRow, form: TextForm, content: bytes) -> Iterator[Sequence[str]]:
    """Yield the cells of a row as we part it, and as a program does that reads what we read."""
    yield cells_of(was, form)
    if was.code in QUOTES_OUT_OF_PLACE and not was.as_cells:
        usual = replace(PLAIN_FORM, delimiter=form.delimiter)
        parsed = parse_whole_row(content, dialect_of(usual), MAX_COLUMNS)
        fields = [] if parsed is None else parsed.fields
        yield [field.decode(errors="replace") for field in fields]


def _are_alike(before: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether rows have the same cells, but for empty ones at their ends."""
    one, other = _trimmed(before), _trimmed(after)
    return len(one) == len(other) and all(map(looks_alike, one, other))


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return cells[:width]


def _is_read_on(content: bytes, form: TextForm, cells: Sequence[str]) -> bool:
    """Tell whether a row whose quote is not closed was read on into those that follow it."""
    lines = form.delimiter.join(_trimmed(cells)).replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = lines.partition("\n")
    was = content.decode(errors="replace")
    is_same = first.translate(QUOTES).rstrip() == was.translate(QUOTES).rstrip()
    return is_same and "\n" in lines and _NEXT_ROW.match(rest) is not None
