"""A quoted field so long that the beginning of a text ends in it.

The lines in it are no rows. They are told from rows behind a quote that somebody forgot to close by
not having the fields that the rows before them have.
"""

from __future__ import annotations

import re

from sources.formats.csv.detection.reading import LINE_END
from sources.formats.csv.detection.scoring import Attempt

CLOSED = re.compile(r'(?:[^"]++|"(?:[^"]++|"")*+")*+')
BEFORE_QUOTE = re.compile(r"[^\w\s]|[\t\r\n ]")
ENOUGH_LINES = 2
MOST_FITTING = 0.2  # of the lines of a field


def before_open_quote(text: str) -> str:
    """Return the lines of `text` before that on which a quote opens a field and none closes it.

    Return nothing if there are no such lines, or too few.
    """
    found = CLOSED.match(text)
    at = found.end() if found else len(text)
    if at in {0, len(text)} or not BEFORE_QUOTE.match(text[at - 1]):
        return ""
    ends = [end.end() for end in LINE_END.finditer(text, 0, at)]
    return text[: ends[-1]] if len(ends) >= ENOUGH_LINES else ""


def goes_on(text: str, head: Attempt, size: int) -> bool:
    """Tell whether rows as those of `head`, which are `size` characters, go on behind it."""
    lines = [line for line in LINE_END.split(text[size:])[1:-1] if line]
    fitting = sum(line.count(head.marks.delimiter) == head.width - 1 for line in lines)
    return head.width == 1 or fitting > MOST_FITTING * len(lines)
