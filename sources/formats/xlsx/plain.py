"""The text of a sheet on its way to a listener, most of it without a parser.

A parser calls us three times and more for each cell. Nearly all rows are written in the plainest
way: a `row` of `c`s with at most a style and a type, in each a `v` or one `t`, no comments. The
cells of such a row are taken out at once by `CELLS`, strictly: nothing may stand between them. All
other text goes through the parser, which so sees a sheet that lacks some whole elements: it is
still the parser that tells whether the sheet is well-formed, and where it breaks.

A row may be matched only where one can begin: directly behind the end of another one that the
parser has told, nothing of what it was given being left open. What is in a CDATA section looks like
rows and is not: once there is one, everything goes through the parser.
"""

from __future__ import annotations

import re

from sources.formats.xlsx.sheet import PlainCell, SheetRows
from sources.markup import Markup

MOST_HELD = 1 << 20  # of a row whose end is not seen yet
END, SECTION = b"</row>", b"<![CDATA["
UTF_8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<(?!\?xml)|<\?xml(?:(?!encoding)[^>])*+(?:\?>|encoding=["']utf-8["']))""",
    re.IGNORECASE,
)
CHARACTERS = r"[^<>&\x00-\x08\x0b-\x1f]*+"
TEXT = rf"{CHARACTERS}(?:&(?:amp|lt|gt|quot|apos);{CHARACTERS})*+"
CELL = (
    r'<c r="([A-Z]{1,3})[0-9]++"(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+'
    rf"(?:/>|>(<f>{TEXT}</f>)?+"
    rf'(?:<v>({TEXT})</v>|<is><t(?: xml:space="preserve")?+>({TEXT})</t></is>)?+</c>)'
)
ROW = re.compile(rb'<row r="([0-9]{1,9}+)"(?: [\w:]++="[^"<&]*+")*+>')
CELLS = re.compile(rf"{CELL}|(.++)", re.DOTALL)  # the last group is whatever is no plain cell
BETWEEN_ROWS = re.compile(rb"\s*+")


class SheetText:
    """Takes the text of a sheet in pieces and tells `listener` the rows in it."""

    def __init__(self, markup: Markup, listener: SheetRows) -> None:
        self._markup, self._listener = markup, listener
        self._held, self._searched = b"", 0
        self._at_border = False
        self._may_be_plain: bool | None = None

    def take(self, piece: bytes) -> None:
        """Take the next piece; raise `BrokenMarkupError` where the sheet breaks."""
        if self._may_be_plain is None:
            self._may_be_plain = UTF_8.match(piece) is not None
        self._held += piece
        at = 0
        while (end := self._held.find(END, max(at, self._searched))) >= 0:
            self._searched = 0
            at = self._take_row(at, end + len(END))
        self._searched = max(len(self._held) - at - len(END), 0)
        self._held = self._held[at:]
        if len(self._held) > MOST_HELD or not self._may_be_plain:
            self._may_be_plain = False
            self._pass_on_held()

    def finish(self) -> None:
        """Say that there are no more pieces; raise `BrokenMarkupError` if there should be."""
        self._pass_on_held()
        self._markup.finish()

    def _take_row(self, begin: int, end: int) -> int:
        """Take what there is from `begin` to the end of a row, and return where to go on."""
        row = ROW.match(self._held, begin) if self._at_border else None
        cells = None if row is None else _cells_in(self._held[row.end() : end - len(END)])
        if row is not None and cells is not None:
            self._listener.take(int(row[1]), cells)
            space = BETWEEN_ROWS.match(self._held, end)
            return space.end() if space else end
        told, text = self._listener.told, self._held[begin:end]
        self._may_be_plain = self._may_be_plain and SECTION not in text
        self._markup.take(text)
        is_border = self._markup.is_even and self._listener.told > told
        self._at_border = bool(self._may_be_plain and is_border)
        return end

    def _pass_on_held(self) -> None:
        self._at_border = False
        text, self._held, self._searched = self._held, b"", 0
        self._markup.take(text)


def _cells_in(body: bytes) -> list[PlainCell] | None:
    """Return the cells of a row, None if it is no UTF-8 or not plain."""
    try:
        cells: list[PlainCell] = CELLS.findall(body.decode())
    except UnicodeDecodeError:
        return None
    is_plain = not cells or cells[-1][-1] == ""
    return cells if is_plain else None
