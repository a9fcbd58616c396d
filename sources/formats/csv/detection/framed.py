"""Whether the rows of a text stand in frames of `|`, as Markdown and databases draw them."""

from __future__ import annotations

import re
from collections import Counter

from definitions.model import FileFormat
from sources.formats.csv.detection.delimiters import DETECTION_SIZE
from sources.unframing import FRAMED, cells_joined

BEGINS = re.compile(rb"(?:\A|[\r\n])[ \t]*\|")
QUOTED = re.compile(rb'\|[ \t]*"')
BORDER = re.compile(rb"(?<!\\)\|")
RULE = re.compile(rb"[-=_+|: \t]*")
MARK, ENOUGH_ROWS, LEAST_WIDTH = "|", 2, 2
NEARLY_ALL = 0.9
MOST_AROUND = 0.25  # so many of the lines may be titles and notes


def are_framed(sample: bytes, layout: FileFormat, *, complete: bool) -> bool:
    """Tell whether most lines are in frames, and nearly all of these have as many cells.

    Lines of nothing but dashes and the like do not count.
    """
    is_other = layout.delimiter not in {None, MARK} or bool(layout.quote)
    head = sample[:DETECTION_SIZE]
    if is_other or not BEGINS.search(head) or QUOTED.search(head):
        return False
    lines = head.splitlines()
    is_cut = not complete or len(head) < len(sample)
    filled = [line for line in lines[: len(lines) - is_cut] if RULE.fullmatch(line) is None]
    found = [FRAMED.fullmatch(line) for line in filled]
    widths = Counter(1 + len(BORDER.findall(cells_joined(row[1]))) for row in found if row)
    others = found.count(None)
    [(width, usual)] = widths.most_common(1) or [(0, 0)]
    is_table = width >= LEAST_WIDTH and usual >= max(ENOUGH_ROWS, NEARLY_ALL * widths.total())
    return is_table and others <= max(MOST_AROUND * len(filled), ENOUGH_ROWS + 1)
