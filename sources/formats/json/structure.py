"""Where the items of a JSON array end, found for a whole block at once.

A quote opens or closes a string unless an odd number of backslashes stands before it. What has an
even number of such quotes before it is outside of strings. Among that, brackets make the depth,
and the commas at depth zero part the items. This holds until the first *anomaly*: a line end inside
a string, which JSON forbids. There a quote is missing, and everything behind it is inside out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sources.formats.json.nearby import look_nearby

QUOTE, BACKSLASH, NEWLINE, COMMA = b'"\\\n,'
OPENING, CLOSING = b"[]"
FIRST_LOOK = 1 << 9  # for the border of one item, then eight times as far
FEW, SOME = (
    1 << 10,
    1 << 13,
)  # bytes that are looked at first where all are at most eight times SOME
OPEN, LAST = b"{[", re.compile(rb"[\]}]\s*+\Z")
FOLD = 0xDF  # makes braces of brackets' codes equal to them


@dataclass(frozen=True, slots=True, kw_only=True)
class Borders:
    """What was found in a block that begins at an item.

    `commas` part the items up to `closing`, where a bracket closes that was not opened in the
    block, or `anomaly`, the first line end inside a string; the block's length stands for the
    other one, or for both.
    """

    commas: Sequence[int]
    closing: int
    anomaly: int


def find_borders(block: bytes) -> Borders:
    """Return the borders of the items in `block`, which begins outside of strings at depth zero."""
    size = len(block)
    near = look_nearby(block, 0, FEW)
    if size <= FEW or near.closing is not None or near.anomaly is not None:
        closing = size if near.closing is None else near.closing
        anomaly = size if near.anomaly is None else near.anomaly
        return Borders(commas=near.commas, closing=closing, anomaly=anomaly)
    if SOME < size <= 8 * SOME:
        first = _all_borders(block[:SOME])
        if min(first.closing, first.anomaly) < SOME:
            closing, anomaly = (at if at < SOME else size for at in (first.closing, first.anomaly))
            return Borders(commas=first.commas, closing=closing, anomaly=anomaly)
    return _all_borders(block)


def _all_borders(block: bytes) -> Borders:
    """Return the borders, having looked at all of the block at once."""
    data = np.frombuffer(block, np.uint8)
    quotes = _unescaped(data, np.flatnonzero(data == QUOTE))
    newlines = np.flatnonzero(data == NEWLINE)
    broken = newlines[quotes.searchsorted(newlines) % 2 == 1]
    anomaly = int(broken[0]) if len(broken) else len(data)
    folded = data & FOLD
    marks = np.flatnonzero((folded == OPENING) | (folded == CLOSING) | (data == COMMA))
    marks = marks[quotes.searchsorted(marks) % 2 == 0]
    kinds = folded[marks]
    depth = np.cumsum((kinds == OPENING).astype(np.int32) - (kinds == CLOSING))
    beyond = np.flatnonzero(depth < 0)
    closing = int(marks[beyond[0]]) if len(beyond) else len(data)
    commas = marks[(data[marks] == COMMA) & (depth == 0)]
    limit = min(anomaly, closing)
    return Borders(
        commas=commas[: commas.searchsorted(limit)].tolist(),
        closing=closing if closing < anomaly else len(data),
        anomaly=anomaly if anomaly < closing else len(data),
    )


def near_border(block: bytes, begin: int, end: int) -> tuple[int | None, bool]:
    """Return the comma or bracket before `end` behind the item at `begin`, None if none is seen.

    Tell also whether one may come behind the block: it ends before `end`, in good order.
    """
    if len(block) >= end and _closes_only_last(block, begin, end):
        return None, False
    first = min(begin + FIRST_LOOK, end)
    near = look_nearby(block, begin, first, most=1)
    if near.commas or near.closing is not None:
        return (near.commas[0] if near.commas else near.closing), False
    if near.anomaly is not None or min(end, len(block)) <= first:
        return None, near.anomaly is None and len(block) < end
    size = 8 * FIRST_LOOK
    while True:
        piece = block[begin : min(begin + size, end)]
        found = _all_borders(piece)
        if found.commas:
            return begin + found.commas[0], False
        if found.closing < len(piece):
            return begin + found.closing, False
        is_anomalous, is_whole = found.anomaly < len(piece), begin + len(piece) >= end
        if is_anomalous or is_whole or len(piece) < size:
            return None, not (is_anomalous or is_whole)
        size *= 8


def _closes_only_last(block: bytes, begin: int, end: int) -> bool:
    """Tell whether what opens at `begin` cannot be closed before the last bracket in the text."""
    if block[begin] not in OPEN:
        return False
    closers = [place for sign in (b"]", b"}") if (place := block.find(sign, begin, end)) >= 0]
    return not closers or LAST.match(block, min(closers), end) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brackets:
    """The brackets outside of strings in a piece of text, before the first anomaly.

    A step is 1 for one that opens, -1 for one that closes. `ends_inside`: the piece ends inside of
    a string. `has_anomaly`: a line ends inside of one.
    """

    places: npt.NDArray[np.int64]
    steps: npt.NDArray[np.int64]
    ends_inside: bool
    has_anomaly: bool


def find_brackets(piece: bytes, *, inside: bool) -> Brackets:
    """Return the brackets in `piece`, which begins inside of a string or not, and at no escape."""
    data = np.frombuffer(piece, np.uint8)
    quotes = _unescaped(data, np.flatnonzero(data == QUOTE))
    newlines = np.flatnonzero(data == NEWLINE)
    broken = newlines[(quotes.searchsorted(newlines) + inside) % 2 == 1]
    folded = data & FOLD
    marks = np.flatnonzero((folded == OPENING) | (folded == CLOSING))
    marks = marks[(quotes.searchsorted(marks) + inside) % 2 == 0]
    if len(broken):
        marks = marks[: marks.searchsorted(broken[0])]
    return Brackets(
        places=marks,
        steps=np.where(folded[marks] == OPENING, 1, -1),
        ends_inside=(len(quotes) + inside) % 2 == 1,
        has_anomaly=len(broken) > 0,
    )


def _unescaped(data: npt.NDArray[np.uint8], quotes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the quotes that have an even number of backslashes directly before them."""
    slashes = np.flatnonzero(data == BACKSLASH)
    if not len(slashes):
        return quotes
    begins = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
    lengths = np.diff(begins, append=len(slashes))
    behind = slashes[begins] + lengths
    escaped = behind[lengths % 2 == 1]
    return quotes[~np.isin(quotes, escaped, assume_unique=True)]
