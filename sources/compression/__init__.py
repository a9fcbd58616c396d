"""Packed files as plain bytes: recognised by their first bytes, unpacked as they are read.

`kinds` tells kinds of files apart, `unpacking` expands a stream under guard, `listing` reads what a
zip archive holds, `archive` finds the one file in it, `opening` puts them together.
"""

from sources.compression.kinds import refuse_binary, refuse_web_page
from sources.compression.listing import Careful, called, surplus_in, told_behind
from sources.compression.opening import Packing, open_packed, open_plain, packing_of, skip
from sources.compression.unpacking import ByteStream, refuse_bomb

__all__ = [
    "ByteStream",
    "Careful",
    "Packing",
    "called",
    "open_packed",
    "open_plain",
    "packing_of",
    "refuse_binary",
    "refuse_bomb",
    "refuse_web_page",
    "skip",
    "surplus_in",
    "told_behind",
]
