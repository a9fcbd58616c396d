"""Whether records end with another mark than a line end."""

from __future__ import annotations

import re

from definitions.model import FileFormat
from sources.relining import MARKS

DELIMITERS = (b",", b";", b"\t", b"|", b"\x1f")
QUOTED = re.compile(rb'"[^"]*+"?')
MOST_ROWS = 50


def find_record_mark(sample: bytes, layout: FileFormat) -> str:
    """Return which mark ends the records of a text without line ends; empty if none does.

    Behind it are as many delimiters as before it, in most of the first records: of a header alone
    it may be the delimiter. Line ends and delimiters in quotes do not count.
    """
    if layout.record_end is not None or not any(mark in sample for mark in MARKS.values()):
        return ""
    text = QUOTED.sub(b"", sample.rstrip(b"\r\n"))
    if b"\n" in text or b"\r" in text:
        return ""
    delimiters = DELIMITERS if layout.delimiter is None else (layout.delimiter.encode(),)
    for name, mark in MARKS.items():
        first, *others = text.removesuffix(mark).split(mark, MOST_ROWS)[:MOST_ROWS]
        if any(_are_alike(first.count(each), others, each) for each in delimiters):
            return name
    return ""


def _are_alike(count: int, others: list[bytes], delimiter: bytes) -> bool:
    alike = sum(other.count(delimiter) == count for other in others)
    return count > 0 and alike > 0 and alike * 2 > len(others)
