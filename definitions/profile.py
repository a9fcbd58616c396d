"""What is in the columns of a table of text: how full they are, what they could become.

Each different text of a batch is looked at once and counted as often as it is there. What is kept
between batches does not grow with their number.

A *candidate* is a target type that at least one cell looks like; counted are the cells that the
importer would convert to it (`definitions.conversion`), with the decimal mark and the order of day
and month that the column's texts prove, as in an import (`definitions.styles`). Types that take
nearly anything are counted narrowly: a list is a JSON array (a text with commas would become one
too), JSON is an array or an object, and a number is a timestamp from 100,000,000 seconds (the year
1973) on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from definitions.arrays import Mask
from definitions.looks import different_texts, facts_of
from definitions.model import TargetType

MOST_DISTINCT = 10_000  # texts of a column that are told apart, and fewer in a very wide table
_MOST_DISTINCT_OF_ALL = 5_000_000
SAMPLES = 5
LONGEST_SAMPLE = 200
_SUGGESTED_FROM = 0.95
# of several that fit, the first is suggested; timestamp never is, as a number is not a time
_SUGGESTIONS = (
    TargetType.NUMBER,
    TargetType.BOOLEAN,
    TargetType.DATE,
    TargetType.DATETIME,
    TargetType.LIST,
    TargetType.JSON,
    TargetType.URL,
)

_EXTREMES = ("numbers", "undivided", "comma numbers", "point numbers", "bare numbers", "times")


class DateOrder(StrEnum):
    """How dates such as 3/4/2026 are written, as far as the cells tell."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNCLEAR = "unclear"  # no cell is a day of the calendar in one order only
    MIXED = "mixed"


class Range(NamedTuple):
    """The lowest and the highest cell of a column, as they stand in the file."""

    lowest: str
    highest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """What is in a column; every count is one of cells.

    `distinct` is None where there are more than `most_distinct`. `types` has the candidates, the
    likeliest first, each with the cells that convert. `plus_signs` stand before the digits of what
    may be telephone numbers. `padded` cells begin or end with white space. `longest` is in
    characters.
    """

    position: int
    name: str
    rows: int
    filled: int
    distinct: int | None
    most_distinct: int
    types: Mapping[TargetType, int]
    numbers: Range | None
    times: Range | None
    leading_zeros: int
    plus_signs: int
    day_and_month: int
    date_order: DateOrder | None
    padded: int
    nul: int
    longest: int
    samples: tuple[str, ...]

    @property
    def suggested(self) -> TargetType:
        """Return the target type that suits the column best.

        Where some cells are a datetime and no date, the others may be midnights by chance.
        """
        if self.leading_zeros or self.plus_signs:
            return TargetType.STRING  # a number would lose them
        enough = max(self.filled * _SUGGESTED_FROM, 1)
        fitting = (kind for kind in _SUGGESTIONS if self.types.get(kind, 0) >= enough)
        found = next(fitting, TargetType.STRING)
        timed = self.types.get(TargetType.DATETIME, 0) > self.types.get(TargetType.DATE, 0)
        return TargetType.DATETIME if found is TargetType.DATE and timed else found

    @property
    def range(self) -> Range | None:
        """Return between what the numbers or the times lie, if the column suggests either."""
        match self.suggested:
            case TargetType.NUMBER:
                return self.numbers
            case TargetType.DATE | TargetType.DATETIME:
                return self.times
            case _:
                return None


class Profile:
    """The columns of a table as they are seen so far, batch by batch."""

    def __init__(self, header: Sequence[str]) -> None:
        """Begin with the names of the columns and no row."""
        most = min(MOST_DISTINCT, _MOST_DISTINCT_OF_ALL // max(len(header), 1))
        self._columns = [_Column(most) for _ in header]
        self._header = header
        self.rows = 0

    def add(self, frame: pl.DataFrame, typed: Mapping[str, Mask] = MappingProxyType({})) -> None:
        """Look at some more rows; `typed` tells of columns which cells are no text in the file."""
        self.rows += frame.height
        named = zip(self._header, self._columns, frame.iter_columns(), strict=True)
        for name, column, cells in named:
            column.add(cells, typed.get(name))

    @property
    def columns(self) -> tuple[ColumnProfile, ...]:
        """Return what is known of each column."""
        named = enumerate(zip(self._header, self._columns, strict=True), start=1)
        return tuple(column.profile(place, name, self.rows) for place, (name, column) in named)


class _Column:
    """One column as it is seen so far."""

    def __init__(self, most_distinct: int) -> None:
        self._most_distinct = most_distinct
        self._seen: pl.Series | None = pl.Series(dtype=pl.UInt64)  # hashes; None: too many
        self._counts: dict[str, int] = {}
        self._longest = 0
        self._extremes: dict[str, _Extremes | None] = dict.fromkeys(_EXTREMES)
        self._samples: dict[str, None] = {}

    def add(self, cells: pl.Series, typed: Mask | None) -> None:
        """Look at some more cells; `typed` tells which are no text in the file."""
        texts = different_texts(cells, typed)
        if texts.is_empty():
            return
        found = facts_of(texts)
        self._longest = max(self._longest, found.pop("longest"))
        for name, known in self._extremes.items():
            self._extremes[name] = _wider(known, found.pop(name, None))
        for name, count in found.items():
            self._counts[name] = self._counts.get(name, 0) + count
        self._tell_apart(texts["cell"])

    def profile(self, position: int, name: str, rows: int) -> ColumnProfile:
        """Return what is known."""
        count = self._counts.get
        return ColumnProfile(
            position=position,
            name=name,
            rows=rows,
            filled=count("filled", 0),
            distinct=None if self._seen is None else self._seen.len(),
            most_distinct=self._most_distinct,
            types=self._types(),
            numbers=self._numbers(),
            times=_range(self._extremes["times"]),
            leading_zeros=count("leading_zeros", 0),
            plus_signs=0 if count("minus_signs") else count("plus_signs", 0),
            day_and_month=count("day_and_month", 0),
            date_order=self._date_order(),
            padded=count("padded", 0),
            nul=count("nul", 0),
            longest=self._longest,
            samples=tuple(self._samples),
        )

    def _tell_apart(self, cells: pl.Series) -> None:
        """Count different texts by their hashes, and keep the first few texts."""
        for text in cells.head(SAMPLES):
            if len(self._samples) < SAMPLES:
                self._samples[text[:LONGEST_SAMPLE]] = None
        if self._seen is not None:
            seen = self._seen.append(cells.hash()).unique()
            self._seen = seen if seen.len() <= self._most_distinct else None

    def _types(self) -> dict[TargetType, int]:
        """Return the candidates, the likeliest first."""
        count = self._counts.get
        found = {kind: count(kind.value, 0) for kind in _SUGGESTIONS}
        found[TargetType.NUMBER] += count(self._marked(), 0)
        for kind in (TargetType.DATE, TargetType.DATETIME):
            found[kind] += count(f"{kind.value} {self._date_order()}", 0)
        timed = found[TargetType.DATETIME] + count("epoch", 0) + count("asked epoch", 0)
        found[TargetType.TIMESTAMP] = timed
        found[TargetType.STRING] = count("filled", 0) - count("nul", 0)
        likely = sorted(found.items(), key=lambda item: -item[1])
        return {kind: cells for kind, cells in likely if cells}

    def _marked(self) -> str:
        """Return how numbers are marked: as some cell proves if none proves another way."""
        count = self._counts.get
        points = count("decimal point", 0) + count("marked decimal point", 0)
        match bool(points), bool(count("decimal comma")):
            case True, False:
                return "point"
            case False, True:
                return "comma"
            case _:
                return "bare"

    def _numbers(self) -> Range | None:
        marked = self._marked()
        others = self._extremes["undivided" if marked == "comma" else "numbers"]
        return _range(_widest(others, self._extremes[f"{marked} numbers"]))

    def _date_order(self) -> DateOrder | None:
        count = self._counts.get
        of = "" if count("ordered") else " of a short year"  # which an import asks a format for
        match bool(count(f"day first{of}")), bool(count(f"month first{of}")):
            case _ if not count("day_and_month"):
                return None
            case _ if count("day_and_month") == count("dotted"):
                return DateOrder.DAY_FIRST  # all over the world
            case True, False:
                return DateOrder.DAY_FIRST
            case False, True:
                return DateOrder.MONTH_FIRST
            case False, False:
                return DateOrder.UNCLEAR
            case _:
                return DateOrder.MIXED


class _Extremes(NamedTuple):
    """The lowest and the highest value, each with the cell it stands in."""

    lowest: tuple[Decimal, str]
    highest: tuple[Decimal, str]


def _range(extremes: _Extremes | None) -> Range | None:
    return extremes and Range(lowest=extremes.lowest[1], highest=extremes.highest[1])


def _wider(known: _Extremes | None, new: Mapping[str, Any] | None) -> _Extremes | None:
    """Return the extremes of what is known and of what is new; of equal ones the first stays."""
    if new is None or not new["lowest"]:
        return known
    exact = {end: [(Decimal(one["value"]), one["text"]) for one in new[end]] for end in new}
    lowest = min(exact["lowest"], key=itemgetter(0))
    return _widest(known, _Extremes(lowest, max(exact["highest"], key=itemgetter(0))))


def _widest(one: _Extremes | None, other: _Extremes | None) -> _Extremes | None:
    """Return the extremes of both."""
    if one is None or other is None:
        return one or other
    lowest = min(one.lowest, other.lowest, key=itemgetter(0))
    return _Extremes(lowest, max(one.highest, other.highest, key=itemgetter(0)))
