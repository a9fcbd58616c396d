"""The rows of a sheet as they are told, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias
from xml.sax.saxutils import unescape

from sources.formats.xlsx.values import Kind, shortest, text_of_iso, text_of_number, unescaped
from sources.formats.xlsx.workbook import Rationed, Workbook
from sources.gathering import MAX_RECORD

LAST_COLUMN = 16_384
SHORT_TEXT = 1 << 8  # characters: so long shared texts make no row too long
MOST_DIGITS = 9  # of the number of a row, which is at most 1,048,576
DIGITS = "0123456789"
BOOLEANS = {"0": "false", "1": "true"}
# Column, style, type, formula, and of the next two one: value, inline text. Empty is none. The last
# is nothing: what stands there is no plain cell.
PlainCell: TypeAlias = tuple[str, str, str, str, str, str, str]
# What makes a text of a cell's value, and whether that is no text in the workbook. Of an error it
# makes None, and of what is not such a value as the cell says.
CellReader: TypeAlias = tuple[Callable[[str], str | None], bool]
QUOTES = {"&quot;": '"', "&apos;": "'"}
NAMES = ("row", "c", "v", "t", "f", "rPh")
TYPED, TEXT = True, False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row with something in it: its number in the sheet, and its cells up to the last one.

    `errors` are the cells that show an error, by column: they are empty, as are the `uncomputed`,
    which have a formula and no value that was stored with it. `too_long`: there is more in the row
    than is taken; the cells are those before. `twice` is the column of a cell that is there again,
    of which `cells` have the last value; -1 if none is. `size` is in characters of shared texts,
    where some are long. `typed` has a byte for each cell: 1 for one that holds a number, or what a
    workbook keeps as such, else 0.
    """

    number: int
    cells: list[str]
    errors: dict[int, str]
    uncomputed: tuple[int, ...] = ()
    twice: int = -1
    too_long: bool
    size: int = 0
    typed: bytes = b""


def held(rows: Iterable[SheetRow], most: int) -> list[SheetRow]:
    """Return the rows as a list, none if there are more than `most` characters of texts in them."""
    found, size = list[SheetRow](), 0
    for row in rows:
        found.append(row)
        size += row.size
        if size > most:
            return []
    return found


class SheetRows:
    """Listens to a sheet; `found` are the rows that are complete, for the reader to take away.

    `told` is how many ends of rows it heard of.
    """

    def __init__(self, workbook: Workbook) -> None:
        self.found: list[SheetRow] = []
        self.told = 0
        self._epoch = workbook.epoch
        self._kinds = {str(style): kind for style, kind in enumerate(workbook.kinds)}
        is_short = workbook.texts.longest <= SHORT_TEXT
        self._ration = None if is_short else Rationed(workbook.texts, MAX_RECORD)
        self._others: dict[str, CellReader] = {
            "s": ((self._ration or workbook.texts).at, TEXT),
            "b": (BOOLEANS.get, TYPED),
            "e": (_shows_error, TEXT),
        }
        self._readers = {
            (kind, style): self._reader(kind or "n", style)
            for kind in ("", "n", "s", "b", "str", "inlineStr")
            for style in ("", *self._kinds)
        }
        self._columns: dict[str, int] = {}
        self._row, self._cell, self._value, self._text, self._formula, self._spoken = NAMES
        self._number = self._column = self._size = 0
        self._twice = -1
        self._cells: list[str] = []
        self._typed = bytearray()
        self._errors: dict[int, str] = {}
        self._uncomputed: list[int] = []
        self._type = self._style = ""
        self._is_computed = False
        self._parts: list[str] = []
        self._wanted = self._is_spoken = False

    def take(self, number: int, cells: Iterable[PlainCell]) -> None:
        """Take a row as a whole."""
        self._begin_row(number)
        into, places, readers, size = self._cells, self._columns, self._readers, 0
        typed = self._typed
        for letters, style, kind, formula, value, inline, _ in cells:
            raw = value or inline
            size += len(raw)
            known = readers.get((kind, style))
            if raw and known and places.get(letters) == len(into) and "&" not in raw:
                read, is_typed = known
                text = read(raw)  # nearly every cell: the next one, of a kind that is known
                if text is not None:
                    into.append(text)
                    typed.append(is_typed)
                    continue
            self._style, self._type, self._is_computed = style, kind or "n", formula != ""
            self._end_cell(self._column_of(letters), _referred(raw))
        self._size = size
        self._end_row()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name == self._cell:
            self._column = self._column_of(attributes.get("r"))
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._parts.clear()
            self._is_computed = False
        elif name == self._formula:
            self._is_computed = True
        elif name == self._value or name == self._text:  # noqa: PLR1714 - no set for each cell
            self._wanted = not self._is_spoken
        elif name == self._row:
            number = attributes.get("r", "")
            is_number = number.isdecimal() and len(number) <= MOST_DIGITS
            self._begin_row(int(number) if is_number else self._number + 1)
        elif name == self._spoken:
            self._is_spoken = True
        elif name.endswith(":worksheet"):
            prefix = name.removesuffix("worksheet")
            names = (prefix + plain for plain in NAMES)
            self._row, self._cell, self._value, self._text, self._formula, self._spoken = names

    def text(self, text: str) -> None:
        """Take text."""
        if self._wanted:
            self._size += len(text)
            if self._size <= MAX_RECORD:
                self._parts.append(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == self._value or name == self._text:  # noqa: PLR1714 - as above
            self._wanted = False
        elif name == self._cell:
            self._end_cell(self._column, "".join(self._parts))
        elif name == self._spoken:
            self._is_spoken = False
        elif name == self._row:
            self.told += 1
            self._end_row()

    def _begin_row(self, number: int) -> None:
        if number <= self._number:  # its rows are in no order: none may be lost above the header
            number = self._number + 1
        self._number, self._column, self._size, self._twice = number, -1, 0, -1
        self._cells, self._typed = [], bytearray()
        self._errors, self._uncomputed = {}, []
        if self._ration is not None:
            self._ration.left = MAX_RECORD

    def _end_row(self) -> None:
        left = MAX_RECORD if self._ration is None else self._ration.left
        too_long = self._size > MAX_RECORD or left < 0
        if any(self._cells) or self._errors or self._uncomputed or too_long:
            row = SheetRow(
                number=self._number,
                cells=self._cells,
                errors=self._errors,
                uncomputed=tuple(self._uncomputed),
                twice=self._twice,
                too_long=too_long,
                size=MAX_RECORD - left,
                typed=bytes(self._typed),
            )
            self.found.append(row)
        self._cells, self._typed = [], bytearray()

    def _column_of(self, reference: str | None) -> int:
        """Return the column, from 0, of a cell such as `B7`; of one without a name the next one.

        What is behind the last column that a sheet has is in one behind that.
        """
        letters = (reference or "").rstrip(DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = min(column_number(letters), LAST_COLUMN)
            if 0 <= column < LAST_COLUMN:  # others may be of any number
                self._columns[letters] = column
        return min(self._column + 1, LAST_COLUMN) if column < 0 else column

    def _end_cell(self, column: int, raw: str) -> None:
        if not raw:
            is_told = len(self._uncomputed) <= LAST_COLUMN
            if self._is_computed and self._type != "str" and is_told:
                self._uncomputed.append(column)
            return
        read, is_typed = self._reader(self._type, self._style)
        text = read(raw)
        if text is None and is_typed:  # it says that it is a number, and is none
            text, is_typed = raw, False
        cells, typed = self._cells, self._typed
        missing = column - len(cells)
        if missing < 0:
            self._go_back(column)
        if text is None:
            self._errors[column] = raw
            text = ""
        if missing == 0:  # as in most rows
            cells.append(text)
            typed.append(is_typed)
            return
        if missing > 0:
            cells.extend([""] * (missing + 1))
            typed.extend(bytes(missing + 1))
        cells[column], typed[column] = text, is_typed

    def _go_back(self, column: int) -> None:
        """Come to a cell before others that were told, or to one for the second time."""
        error = self._errors.pop(column, "")
        if (error or self._cells[column]) and column < LAST_COLUMN:
            self._twice = column

    def _reader(self, kind: str, style: str) -> CellReader:
        """Return what reads the value of a cell."""
        meaning = self._kinds.get(style, Kind.NUMBER)
        if kind == "n":
            is_plain = meaning is Kind.NUMBER
            made = partial(text_of_number, kind=meaning, epoch=self._epoch)
            return (shortest if is_plain else made), TYPED
        if kind == "d":
            return partial(text_of_iso, kind=meaning), TYPED
        return self._others.get(kind, (unescaped, TEXT))


def _shows_error(_: str) -> None:
    """Say that there is no text."""


def _referred(text: str) -> str:
    """Return text with the references in it as the characters they stand for."""
    return unescape(text, QUOTES)


def column_number(letters: str) -> int:
    """Return the number of a column from 0; -1 for what is none."""
    number = 0
    for letter in letters[:4].upper():
        if not "A" <= letter <= "Z":
            return -1
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
