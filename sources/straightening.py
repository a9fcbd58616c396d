"""Cells in quotes that a word processor made round: `“d, e”,„f“` is read as `"d, e","f"`.

Quotes inside of such a cell stay what they are; doubled ones become one. Positions in such a file
count the bytes of the text with straight quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sources.holding import Holding, end_of_lines

FAMILIES = ("“”„‟", "«»")


@dataclass(frozen=True, slots=True)
class RoundQuotes:
    """The marks that stand around cells, each of them before and behind, and what parts cells."""

    marks: str
    delimiter: str


class Straightening(Holding):
    """Makes quotes around cells straight, in a text that comes in pieces."""

    def __init__(self, quotes: RoundQuotes) -> None:
        """Take what stands around cells, and what parts these."""
        super().__init__(straightener(quotes), end_of_lines)


def straightener(quotes: RoundQuotes) -> Callable[[bytes], bytes]:
    """Return what makes the quotes around cells of whole lines straight.

    Each cell ends on its line; from one that does not the line stays as it is. In cells with
    straight quotes around them round ones are text. A space beside the marks, as French has it, is
    none of the cell if one is at both ends.
    """
    mark = b"(?:" + b"|".join(re.escape(each.encode()) for each in quotes.marks) + b")"
    behind = b"(?=" + re.escape(quotes.delimiter.encode()) + rb"|[\r\n]|\Z)"
    before = b"(?:(?<=" + re.escape(quotes.delimiter.encode()) + rb")|(?<=[\r\n])|\A)"
    straight = rb'("(?:[^"\r\n]|"")*+")' + behind
    doubled = b"|".join(re.escape(each.encode() * 2) for each in quotes.marks)
    content = b"((?:" + doubled + b"|(?!" + mark + behind + rb")[^\r\n])*+)"
    closed = mark + content + mark + behind
    rest = b"(" + mark + rb"[^\r\n]*+)"
    cell = re.compile(before + b"(?:" + straight + b"|" + closed + b"|" + rest + b")")
    pair = re.compile(doubled)

    def written(found: re.Match[bytes]) -> bytes:
        if found[2] is None:
            return found[0]
        text = pair.sub(lambda two: two[0][: len(two[0]) // 2], _without_spaces(found[2]))
        return b'"' + text.replace(b'"', b'""') + b'"'

    return lambda lines: cell.sub(written, lines)


def _without_spaces(content: bytes) -> bytes:
    for space in (b" ", "\u00a0".encode(), "\u202f".encode()):
        if len(content) > len(space) and content.startswith(space) and content.endswith(space):
            return content[len(space) : -len(space)]
    return content
