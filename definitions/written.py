"""How the cells of one column are written, as the definition says it or as was found out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from definitions.model import Notation
from definitions.patterns import Pattern, pattern_of

# the marks that may part thousands, by the one that stands for its kind in a definition
KINDS_OF_MARKS = MappingProxyType(
    {",": ",", ".": ".", " ": " \u00a0\u202f", "'": "'\u2019", "_": "_"}
)
_BARE = (" ", "'", "_")  # marks that are nothing but thousands marks


def kind_of_mark(mark: str) -> str | None:
    """Return the mark that stands for the kind of another one."""
    return next((kind for kind, marks in KINDS_OF_MARKS.items() if mark in marks), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """A way to write numbers: the decimal mark, and the kinds of marks that may part thousands.

    In one number thousands are parted by marks of one kind, in groups of three digits. A number
    with an exponent is not parted.
    """

    decimal: str
    thousands: tuple[str, ...]

    @property
    def regex(self) -> str:
        """Return the regular expression of a whole number."""
        point = f"[{self.decimal}]"
        ends = "*" if self.decimal == "." else "+"  # `5.` is a number of the contract
        forms = [
            rf"(?:[0-9]+(?:{point}[0-9]{ends})?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?",
            *(
                rf"[1-9][0-9]{{0,2}}(?:[{KINDS_OF_MARKS[kind]}][0-9]{{3}})+(?:{point}[0-9]+)?"
                for kind in self.thousands
            ),
        ]
        return f"^[+-]?(?:{'|'.join(forms)})$"

    @property
    def marks(self) -> str:
        """Return every mark that may part thousands."""
        return "".join(KINDS_OF_MARKS[kind] for kind in self.thousands)


PLAIN = NumberStyle(decimal=".", thousands=())
BARE = NumberStyle(decimal=".", thousands=_BARE)
POINT = NumberStyle(decimal=".", thousands=(",", *_BARE))
COMMA = NumberStyle(decimal=",", thousands=(".", *_BARE))


class DateOrder(StrEnum):
    """Which of two numbers is the day where slashes or hyphens part them from the year."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How the cells of one column are written.

    `numbers_said` tells whether the definition says it of numbers, so that none has two readings.
    A `pattern` leaves no question about dates. `always_iso`: it is not read before ISO 8601.
    """

    numbers: NumberStyle = PLAIN
    numbers_said: bool = False
    dates: DateOrder = DateOrder.UNKNOWN
    pattern: Pattern | None = None
    always_iso: bool = False
    separator: str = ","

    @property
    def of_typed(self) -> Written:
        """Return how those cells are written that are no text in the file.

        Their numbers are plain and their dates ISO 8601. What is neither, such as the number
        20260131 in a column of dates, is read as the text of the column is.
        """
        if self.numbers == PLAIN and (self.pattern is None or self.pattern.beside_iso):
            return self
        return replace(self, numbers=PLAIN, always_iso=True)


AS_THE_CONTRACT_HAS_IT = Written()


def as_said(notation: Notation) -> Written:
    """Return what a definition says, and else what the contract has."""
    return Written(
        numbers=_number_style(notation.decimal, notation.thousands),
        numbers_said=not (notation.decimal is None and notation.thousands is None),
        pattern=None if notation.format is None else pattern_of(notation.format),
        separator=notation.separator or ",",
    )


def _number_style(decimal: str | None, thousands: str | None) -> NumberStyle:
    """Return the style that is said: a decimal mark alone goes with thousands of any other mark.

    A thousands mark alone goes with the decimal point, or with the comma where it is the point.
    """
    if thousands is None:
        return {None: PLAIN, ".": POINT, ",": COMMA}[decimal]
    kind = kind_of_mark(thousands) or thousands
    return NumberStyle(decimal=decimal or ("," if kind == "." else "."), thousands=(kind,))
