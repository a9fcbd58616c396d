"""Where one item of a JSON text ends, or where and how it breaks, found by a parser.

The text is bytes taken as characters, one for one: what JSON is made of is ASCII.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from definitions.faults import FaultCode
from sources.gathering import Problem

# An item is looked at in a window of this size, then eight times as much: when a parser fails it
# counts all lines before, and that must not be a whole block for each of many broken items.
WINDOW = 1 << 13
DECODER = json.JSONDecoder()
# What a cut can leave of a word, a number or an escape, from where a parser calls it wrong.
CUT_WORD = re.compile(
    r"(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|\.|(?:\.[0-9]+)?[eE][-+]?|u[0-9a-fA-F]{0,3})?\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a parser says of an item: its end; or the failure, and `end` is where that is.

    `is_cut`: it is JSON as far as the text goes, but the text ends too early.
    """

    end: int
    failure: str | None = None
    is_cut: bool = False

    def problem(self, begin: int) -> Problem:
        """Return what to tell of a broken item that begins at `begin`."""
        reason = f"is no JSON: {self.failure} at character {self.end - begin + 1}"
        return Problem(code=FaultCode.BROKEN_RECORD, message=reason)


def parse_item(text: str, begin: int) -> Item:
    """Return what there is at `begin`; the time taken is proportional to its length."""
    size = WINDOW
    while True:
        item = _parse(text[begin : begin + size], begin)
        seen_all = begin + size >= len(text)
        may_go_on = item.is_cut or (item.failure is None and item.end == begin + size)
        if seen_all or not may_go_on:
            return item
        size *= 8


def suspicious_from(text: str, begin: int, failure: int) -> int:
    """Return from where on a lost border may be, in an item at `begin` that fails at `failure`.

    What was parsed is in order, except that the last string may have swallowed a border: when its
    closing quote is missing it goes on up to the quote that opens the next one.
    """
    last = text.rfind('"', begin, failure)
    opening = text.rfind('"', begin, last) if last >= 0 else -1
    return max(opening, begin + (text[begin : begin + 1] != ","))


def has_match_inside_string(text: str, pattern: re.Pattern[str], start: int) -> bool:
    """Tell whether `pattern` ends somewhere behind `start` with an odd number of quotes before it.

    Then the quotes are inside out, and what looks like the end of the item is not.
    """
    quotes = counted = 0
    for found in pattern.finditer(text, start):
        quotes += text.count('"', counted, found.end()) - text.count('\\"', counted, found.end())
        counted = found.end()
        if quotes % 2:
            return True
    return False


def _parse(text: str, begin: int) -> Item:
    try:
        return Item(end=begin + DECODER.raw_decode(text)[1])
    except json.JSONDecodeError as exc:
        unclosed = exc.msg.startswith("Unterminated string")
        is_cut = unclosed or CUT_WORD.fullmatch(text, exc.pos) is not None
        reason = exc.msg.removesuffix(" at").lower()
        return Item(end=begin + exc.pos, failure=reason, is_cut=is_cut)
    except RecursionError:
        return Item(end=begin, failure="nested too deeply")
