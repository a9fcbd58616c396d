"""How a file of corrected rows is written, after an editor or a spreadsheet has saved it.

It is told by its first line, which begins with names that are known.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from definitions.model import FileFormat, MalformedRows, RecordEnd
from definitions.rejects import FORM, LINE, TextForm
from sources.base import ReadTerms
from sources.encoding import TextKind, open_text, text_kind
from sources.formats.csv.rejected import WIDE

HEAD = 1 << 16
_BEGIN = re.compile(rb"(['\"]?)_line\1(.{1,16}?)\1_row\1")


def layout_of(path: Path, form: TextForm | None, terms: ReadTerms) -> FileFormat:
    """Return how the file is written, as its first line tells; what it does not is found out.

    `form` is how the file is written that its rows come from.
    """
    encoding, head = _beginning(path, form, terms)
    begin = _BEGIN.match(head)
    layout = FileFormat(
        type="csv",
        encoding=encoding,
        header_rows=1,
        skip_rows=0,
        malformed_rows=MalformedRows.REJECT,
    )
    if begin is None:
        return layout
    delimiter = begin[2].decode(errors="replace")
    if form is None or delimiter != form.delimiter or _is_for_spreadsheet(head):
        return replace(layout, delimiter=delimiter, quote='"', escape='"')
    end = RecordEnd.CR if form.record_end == "\r" else RecordEnd.LF
    quote, escape = form.quote or "", form.escape or ""
    return replace(layout, delimiter=delimiter, quote=quote, escape=escape, record_end=end)


def _beginning(path: Path, form: TextForm | None, terms: ReadTerms) -> tuple[str | None, bytes]:
    """Return the encoding of rows that stand as in their file, None if it is to be found out.

    And the beginning of the text. What went through a spreadsheet, or an editor that writes UTF-8,
    is in whatever that writes, and so is what begins with a byte order mark.
    """
    found = text_kind(path, terms.limits)
    head = _head(path, found, terms)
    tells_itself = found.mark_size > 0 or found.encoding in WIDE
    if form is None or tells_itself or _is_for_spreadsheet(head):
        return None, head
    is_narrow = head.lstrip(b"'\"").startswith(LINE.encode())
    if is_narrow and form.encoding in WIDE:
        return None, head
    kind = text_kind(path, terms.limits, None, form.encoding)
    return form.encoding, _head(path, kind, terms)


def _head(path: Path, kind: TextKind, terms: ReadTerms) -> bytes:
    with closing(open_text(path, kind, 0, terms.limits)) as text:
        return text.read(HEAD)


def _is_for_spreadsheet(head: bytes) -> bool:
    """Tell whether the first line is that of rows handed out for a spreadsheet."""
    return FORM.encode() in head.partition(b"\n")[0]
