"""Whether the rows of a text begin with spaces before a quote."""

from __future__ import annotations

import re

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import DETECTION_SIZE
from sources.formats.csv.detection.quotes import QUOTE

BEGINS = re.compile(rb'(?:[\r\n]*+)( ++)"(?:[^"]|"")*+"[^ \w"\r\n]')
LINES = re.compile(rb"[^\r\n]+")
INDENTED = re.compile(rb' ++"')
ENOUGH = 2


def are_indented(sample: bytes, layout: FileFormat, *, complete: bool) -> bool:
    """Tell whether every row begins with spaces and a quote, the first with a quoted field.

    A line is none where a quoted field goes on. Nothing is indented if spaces part fields.
    """
    head = sample[:DETECTION_SIZE]
    is_other = layout.quote not in {None, QUOTE} or layout.delimiter == " "
    if is_other or layout.skip_rows or not BEGINS.match(head):
        return False
    lines = LINES.findall(head)
    is_cut = not complete or len(head) < len(sample)
    count, is_open = 0, False
    for line in lines[: len(lines) - is_cut]:
        if not is_open and line.strip():
            if not INDENTED.match(line):
                return False
            count += 1
        is_open ^= line.count(b'"') % 2 == 1
    return count >= ENOUGH
