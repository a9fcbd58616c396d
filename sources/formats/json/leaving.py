"""What stands behind a list in the objects around it, passed over piece by piece up to their end.

It may be longer than the list: another list of many gigabytes is nothing else.
"""

from __future__ import annotations

import re
from enum import Enum

import numpy as np

from sources.formats.json.feed import Trail
from sources.formats.json.nearby import end_nearby
from sources.formats.json.structure import find_brackets
from sources.gathering import SHOWN_CHARACTERS

FIRST_PIECE, LONGEST_PIECE = 1 << 10, 1 << 20  # each is four times as long as the one before
OVERLAP = 1 << 12  # what marks the beginning of another object is shorter
CLOSING_BRACE = ord("}")
SHOWN_SIZE = 4 * SHOWN_CHARACTERS


class End(Enum):
    """How the objects end: as they should, where another one seems to begin, or not at all."""

    WHOLE = "whole"
    BROKEN = "broken"
    CUT = "cut"


class Leaving:
    """The way from behind a list to the end of the outermost of the `depth` objects around it.

    Where they are broken it ends where `border` matches. `head` is how the text begins.
    `is_repeated`: in the innermost of them stands what `again` matches, which ends with a bracket.
    """

    def __init__(
        self,
        trail: Trail,
        depth: int,
        border: re.Pattern[bytes] | None,
        again: re.Pattern[bytes] | None = None,
    ) -> None:
        self.head, self.is_repeated = b"", False
        self._trail, self._border, self._again = trail, border, again
        self._innermost = depth
        self._depth = self._lowest = depth  # where the text is, and where it has come to at least
        self._inside = self._is_broken = False  # of a string; the text, from here on

    def run(self) -> End:
        """Go on as far as that is, and tell how the objects end."""
        feed, size = self._trail.feed, FIRST_PIECE
        while True:
            text = feed.peek(size + OVERLAP)
            is_last = feed.is_last(text)
            found = None if self._border is None else self._border.search(text, 1)
            whole = text if is_last else text[:size]
            part = _without_half_escape(text[: found.end()] if found else whole)
            self.head = self.head or part[:SHOWN_SIZE]
            depth, inside, is_left = self._depth, self._inside, self._lowest < self._innermost
            end = self._end_in(part)
            if not is_left:
                scope = part if found else text[:end]
                self._look_for_repeated(scope, len(part), depth, inside=inside)
            if end is not None:
                self._trail.drop(text[:end])
                return End.WHOLE
            if found:
                self._trail.drop(text[: found.end()])
                return End.BROKEN
            self._trail.drop(text if is_last else part)
            if is_last:
                return End.BROKEN if self._is_broken else End.CUT
            size = min(4 * size, LONGEST_PIECE)

    def _end_in(self, text: bytes) -> int | None:
        """Return what is behind the end of the objects; None if that is not in the text."""
        if self._is_broken:
            return None
        if self._depth == self._lowest and not self._inside:
            near = end_nearby(text, FIRST_PIECE, self._lowest)
            if near is not None:
                return near
        found = find_brackets(text, inside=self._inside)
        depths = self._depth + np.cumsum(found.steps)
        lowest = np.minimum(np.minimum.accumulate(depths), self._lowest)
        closing = found.places[np.flatnonzero(np.diff(lowest, prepend=self._lowest) < 0)]
        for place in closing.tolist():
            self._lowest -= 1
            if text[place] != CLOSING_BRACE:
                self._is_broken = True
                return None
            if not self._lowest:
                return int(place) + 1
        self._depth = int(depths[-1]) if len(depths) else self._depth
        self._inside, self._is_broken = found.ends_inside, found.has_anomaly
        return None

    def _look_for_repeated(self, text: bytes, size: int, depth: int, *, inside: bool) -> None:
        """Note a list that is there again and begins in the first `size` bytes of the text.

        The text begins at `depth`, in a string or not, and has not come out of any object yet.
        """
        if self._again is None or self._again.search(text) is None:
            return
        found = find_brackets(text, inside=inside)
        depths = depth + np.cumsum(found.steps)
        brackets = [each.end() - 1 for each in self._again.finditer(text) if each.start() < size]
        places = found.places.searchsorted(brackets)
        known = places < len(depths)
        places, looked_for = places[known], np.asarray(brackets, np.int64)[known]
        innermost = (depths[places] == self._innermost + 1) & (
            np.minimum.accumulate(depths)[places] >= self._innermost
        )
        self.is_repeated |= bool(((found.places[places] == looked_for) & innermost).any())


def _without_half_escape(text: bytes) -> bytes:
    """Return the text without a backslash at its end that belongs to what follows."""
    slashes = len(text) - len(text.rstrip(b"\\"))
    return text[:-1] if slashes % 2 and len(text) > 1 else text
