"""Rows that stand in quotes as a whole, as spreadsheets write a CSV that lies in one column.

`1,"a,b",2` is written `"1,""a,b"",2"`, perhaps with delimiters of the spreadsheet behind. Positions
in such a file count the bytes of the text without those quotes.
"""

from __future__ import annotations

import re

from sources.holding import Holding

CONTENT = rb'"((?:[^"]++|"")*+)"[;,\t|]*+'
WRAPPED = re.compile(rb"(?:(?<=[\r\n])|\A)" + CONTENT + rb"(?=[\r\n]|\Z)")
RECORD = re.compile(rb"(?:" + CONTENT + rb"|([^\"\r\n]++))(?:[\r\n]++|\Z)")
MOST_TRIED = 64  # lines that may be the last one before an open quote


def unwrapped(text: bytes) -> bytes:
    """Return whole rows without the quotes around them; rows without such stay as they are."""
    return WRAPPED.sub(lambda found: found.group(1).replace(b'""', b'"'), text)


def wrapped_rows(text: bytes, most: int, *, complete: bool) -> list[bytes]:
    """Return the first rows of `text`, most of which are in quotes, without these.

    There is nothing if a row has other quotes. A row that is cut at the end does not count.
    """
    rows: list[bytes] = []
    plain = 0
    at = len(text) - len(text.lstrip(b"\r\n"))
    while at < len(text) and len(rows) < most:
        found = RECORD.match(text, at)
        if found is None:
            is_cut = not complete and text.find(b"\n", at) < 0
            if not is_cut:
                return []
            break
        content, line = found.groups()
        rows.append(line or content.replace(b'""', b'"'))
        plain += line is not None
        at = found.end()
    return rows if plain * 2 < len(rows) else []


def end_of_rows(text: bytes) -> int:
    """Return where the last line ends that is not in the middle of a row of `text`."""
    odd, end = text.count(b'"') % 2 == 1, len(text)
    for _ in range(MOST_TRIED):
        line = text.rfind(b"\n", 0, end) + 1 or text.rfind(b"\r", 0, end - 1) + 1
        odd ^= text.count(b'"', line, end) % 2 == 1
        if not odd or line == 0:
            return line
        end = line - 1
    return 0


class Unwrapping(Holding):
    """Takes off the quotes around rows, of a text that comes in pieces."""

    def __init__(self) -> None:
        """Hold what may be a row that is not whole."""
        super().__init__(unwrapped, end_of_rows)
