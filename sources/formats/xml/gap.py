"""What is passed over behind a place that breaks a document: up to the next record's tag.

Such a tag is one of the record's name that is in no comment and no CDATA section. Every byte is
looked at once.
"""

from __future__ import annotations

import re
from functools import lru_cache

CLOSINGS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
OPENINGS = b"|".join(map(re.escape, CLOSINGS))
LONGEST_PREFIX = 100


class Gap:
    """The way from a break to the next tag of records that are called `name`.

    `before` is the text of the broken record up to the break: a comment or section that is open at
    its end is passed over to its own end first. Without a name the gap is all the rest.
    """

    def __init__(self, name: str, before: bytes) -> None:
        self._signs = _signs_of(name)
        self._longest = LONGEST_PREFIX + len(name.encode()) + 3
        opening = open_section(before)
        self._until = b"" if opening is None else CLOSINGS[opening[1]]

    def pass_over(self, text: bytes, at: int) -> tuple[int, bool]:
        """Return how far the gap goes in `text` from `at` on, and whether a record begins there.

        If none does, whoever calls again does so from there, with more text behind it.
        """
        while True:
            if self._until:
                end = text.find(self._until, at)
                if end < 0:
                    return max(len(text) - len(self._until) + 1, at), False
                at, self._until = end + len(self._until), b""
            sign = self._signs.search(text, at)
            if sign is None:
                begun = text.rfind(b"<", max(len(text) - self._longest, at))
                return len(text) if begun < 0 else begun, False
            if sign[1] is None:
                return sign.start(), True
            at, self._until = sign.end(), CLOSINGS[sign[1]]


@lru_cache(maxsize=16)
def _signs_of(name: str) -> re.Pattern[bytes]:
    tag = re.escape(name.encode()) if name else b"(?!)"
    prefix = rb"(?:[^\s<>/&:]{1,%d}:)?" % LONGEST_PREFIX
    return re.compile(rb"(%b)|<%b%b(?=[\s/>])" % (OPENINGS, prefix, tag))


def open_section(text: bytes) -> tuple[int, bytes] | None:
    """Return where the comment or section begins that is open at the end of `text`, and how."""
    opening = max(CLOSINGS, key=text.rfind)
    begin = text.rfind(opening)
    is_open = begin >= 0 and text.find(CLOSINGS[opening], begin) < 0
    return (begin, opening) if is_open else None
