"""The rows of a sheet as they are told, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from sources.formats.xlsx.values import Kind, shortest, text_of_number, unescaped
from sources.formats.xlsx.workbook import Workbook
from sources.gathering import MAX_RECORD

LAST_COLUMN = 16_384
DIGITS = "0123456789"
BOOLEANS = {"0": "false", "1": "true"}
NAMES = ("row", "c", "v", "t", "is", "rPh")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row with something in it: its number in the sheet, and its cells up to the last one.

    `errors` are the cells that show an error, by column: they are empty. `too_long`: there is more
    in the row than is taken; the cells are those before.
    """

    number: int
    cells: list[str]
    errors: dict[int, str]
    too_long: bool


class SheetRows:
    """Listens to a sheet; `found` are the rows that are complete, for the reader to take away."""

    def __init__(self, workbook: Workbook) -> None:
        self.found: list[SheetRow] = []
        self._texts, self._epoch = workbook.texts, workbook.epoch
        self._kinds = {str(style): kind for style, kind in enumerate(workbook.kinds)}
        self._columns: dict[str, int] = {}
        self._row, self._cell, self._value, self._text, self._inline, self._spoken = NAMES
        self._number = self._column = self._size = 0
        self._cells: list[str] = []
        self._errors: dict[int, str] = {}
        self._type = self._style = ""
        self._parts: list[str] = []
        self._wanted = self._is_spoken = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name == self._cell:
            self._column = self._column_of(attributes.get("r"))
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._parts.clear()
        elif name == self._value or name == self._text:  # noqa: PLR1714 - no set for each cell
            self._wanted = not self._is_spoken
        elif name == self._row:
            number = attributes.get("r", "")
            self._number = int(number) if number.isdecimal() else self._number + 1
            self._cells, self._errors, self._column, self._size = [], {}, -1, 0
        elif name == self._spoken:
            self._is_spoken = True
        elif name.endswith(":worksheet"):
            prefix = name.removesuffix("worksheet")
            names = (prefix + plain for plain in NAMES)
            self._row, self._cell, self._value, self._text, self._inline, self._spoken = names

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
            if self._parts and 0 <= self._column < LAST_COLUMN:
                self._take_cell("".join(self._parts))
        elif name == self._spoken:
            self._is_spoken = False
        elif name == self._row:
            too_long = self._size > MAX_RECORD
            if any(self._cells) or self._errors or too_long:
                row = SheetRow(
                    number=self._number, cells=self._cells, errors=self._errors, too_long=too_long
                )
                self.found.append(row)
            self._cells = []

    def _column_of(self, reference: str | None) -> int:
        """Return the column, from 0, of a cell such as `B7`; without a name it is the next one."""
        letters = (reference or "").rstrip(DIGITS)
        if not letters:
            return self._column + 1
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _column_number(letters)
        return column

    def _take_cell(self, raw: str) -> None:
        text = self._text_of(raw)
        if text is None:
            self._errors[self._column] = raw
            text = ""
        missing = self._column - len(self._cells)
        if missing >= 0:
            self._cells.extend([""] * (missing + 1))
        self._cells[self._column] = text

    def _text_of(self, raw: str) -> str | None:
        """Return the text of a cell, None if it shows an error."""
        if self._type == "n":
            kind = self._kinds.get(self._style, Kind.NUMBER)
            if kind is Kind.NUMBER:
                return raw if raw.isdecimal() else shortest(raw)
            return text_of_number(raw, kind, self._epoch)
        if self._type == "s":
            return self._texts.at(raw)
        if self._type == "b":
            return BOOLEANS.get(raw, raw)
        if self._type == "e":
            return None
        return raw if self._type == "d" else unescaped(raw)


def _column_number(letters: str) -> int:
    """Return the number of a column from 0; -1 for what is none."""
    number = 0
    for letter in letters[:4].upper():
        if not "A" <= letter <= "Z":
            return -1
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
