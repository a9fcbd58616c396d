"""What the first bytes of a piece of JSON decide, found mark by mark.

Looking at all marks of a block at once (`structure`) takes several times as long for so few bytes,
and there may be a list, or a broken record, in every hundred of them. Quotes, line ends and
brackets are taken as there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_REST = rb'(?:[^"\\\n]++|\\["\\]?+)*+'  # of a string, up to what ends it or breaks it
# Up to the next mark outside of strings, or the quote of a string that does not end on its line.
_BETWEEN_MARKS = rb'(?:[^"\\\[\]{},]++|\\["\\]?+|"' + _REST + rb'")*+'
_BETWEEN_BRACKETS = _BETWEEN_MARKS.replace(b"},", b"}")
NEXT_MARK = re.compile(_BETWEEN_MARKS + rb'(["\[\]{},]?)')
NEXT_BRACKET = re.compile(_BETWEEN_BRACKETS + rb'(["\[\]{}]?)')
BROKEN_STRING = re.compile(_REST + rb"\n")
OPEN, CLOSED = frozenset({b"{", b"["}), frozenset({b"}", b"]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """The commas that part items, and what ends that: a bracket that closes, or an anomaly.

    None stands for what is not there.
    """

    commas: Sequence[int]
    closing: int | None = None
    anomaly: int | None = None


def look_nearby(block: bytes, begin: int, end: int, most: int | None = None) -> Nearby:
    """Return what is in `block` from an item at `begin` on, before `end`; `most` commas of it."""
    at, depth, commas = begin, 0, list[int]()
    while True:
        found = (NEXT_BRACKET if depth else NEXT_MARK).match(block, at, end)
        at, sign = found.end(), found[1]  # type: ignore[union-attr,index]
        if sign == b",":
            commas.append(at - 1)
            if len(commas) == most:
                return Nearby(commas=commas)
        elif sign in OPEN:
            depth += 1
        elif sign in CLOSED:
            depth -= 1
            if depth < 0:
                return Nearby(commas=commas, closing=at - 1)
        else:
            broken = BROKEN_STRING.match(block, at, end) if sign else None
            return Nearby(commas=commas, anomaly=broken.end() - 1 if broken else None)


def end_nearby(text: bytes, end: int, depth: int) -> int | None:
    """Return what is behind the brace that closes `depth` objects; None if it is not near.

    It is not where `end` comes before it, or where another bracket, or a broken string, does.
    """
    at = inner = 0
    while True:
        found = NEXT_BRACKET.match(text, at, end)
        at, sign = found.end(), found[1]  # type: ignore[union-attr,index]
        if sign in OPEN:
            inner += 1
        elif sign in CLOSED and inner:
            inner -= 1
        elif sign == b"}":
            depth -= 1
            if not depth:
                return at
        else:
            return None
