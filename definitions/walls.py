"""Columns of text to the times that clocks on walls show.

Most texts are ISO 8601 in one of a few layouts: their digits are taken from their places, a whole
column at a time. Regular expressions read what is left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
import polars as pl

from definitions.arrays import Bytes, Mask, Numbers
from definitions.days import calendar_days
from definitions.forms import ISO
from definitions.patterns import MONTHS
from definitions.text_column import TextColumn
from definitions.zones import DAY, SECOND, Micros

_ZONES = ("", "Z", "+hh:mm")
_CLOCKS = ("THH:MM", "THH:MM:SS", "THH:MM:SS.fff", "THH:MM:SS.ffffff")
_DATE = "YYYY-NN-DD"
_LAYOUTS: Mapping[int, str] = MappingProxyType(  # by length, which no two of them share
    {
        len(layout): layout
        for layout in (_DATE, *(_DATE + clock + zone for clock in _CLOCKS for zone in _ZONES))
    }
)
_MARKS = MappingProxyType({"T": b"Tt ", ".": b".,", "+": b"+-", "Z": b"Zz", "-": b"-", ":": b":"})
_PLACES = MappingProxyType(
    {
        "year": "Y",
        "month": "N",
        "day": "D",
        "hour": "H",
        "minute": "M",
        "second": "S",
        "fraction": "f",
        "hours": "h",
        "minutes": "m",
    }
)
_TURN_OF_CENTURY = 69  # two digits from here on are of the 1900s
_NOON = 12
_FEW = 64  # texts that are sooner looked at one by one


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walls:
    """For each text the time it shows, if it is `found`.

    `local` are microseconds of the wall since its own 1970. `ahead` is how far the wall is ahead of
    UTC, in microseconds, which a `naive` text does not say. `timed` tells that there is a time of
    day.
    """

    local: Micros
    ahead: Micros
    naive: Mask
    timed: Mask
    found: Mask


def walls(column: TextColumn, forms: tuple[str, ...]) -> Walls:
    """Return the times of the texts that are written in one of the `forms`, the first that fits."""
    texts, count = column.texts, column.starts.size
    times = Walls(
        local=np.zeros(count, np.int64),
        ahead=np.zeros(count, np.int64),
        naive=np.zeros(count, np.bool_),
        timed=np.zeros(count, np.bool_),
        found=np.zeros(count, np.bool_),
    )
    unknown = column.lengths > 0
    if ISO in forms:
        unknown &= ~_read_layouts(column, times)
    left = np.flatnonzero(unknown)
    left = _fitting(texts, left, _any_of(forms))
    for form in forms if left.size else ():
        spots = _fitting(texts, left, form)
        if spots.size:
            _put(times, spots, _matched(texts.gather(spots), form).walls())
            left = left[~times.found[left]]
    return times


def _fitting(texts: pl.Series, spots: Numbers, form: str) -> Numbers:
    """Return those of the spots whose texts fit a form."""
    if spots.size <= _FEW:
        return spots[[re.search(form, text) is not None for text in texts[spots]]]
    fits: Numbers = spots[texts[spots].str.contains(form).to_numpy()]
    return fits


@cache
def _any_of(forms: tuple[str, ...]) -> str:
    """Return the regular expression of what has any of the forms, which the rest mostly has not."""
    return "|".join(f"(?:{re.sub(r'[?]P<[a-z]+>', '?:', form)})" for form in forms)


def _read_layouts(column: TextColumn, times: Walls) -> Mask:
    """Add the times of all texts in an ordinary layout, and tell which these are.

    No form has another reading of them.
    """
    lengths, formed = column.lengths, np.zeros(column.starts.size, np.bool_)
    for length in np.flatnonzero(np.bincount(lengths[lengths <= max(_LAYOUTS)])):
        layout = _LAYOUTS.get(int(length))
        if layout is not None:
            spots = np.flatnonzero(lengths == length)
            parts = _laid_out(column.block(spots, len(layout)), layout)
            formed[spots] = parts.formed
            _put(times, spots, parts.walls())
    return formed


def _put(times: Walls, spots: Numbers, others: Walls) -> None:
    """Add the times of some spots, those that are found."""
    for name in Walls.__slots__:
        getattr(times, name)[spots] = getattr(others, name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Parts:
    """What texts say, in numbers that may be too large; `formed` tells which are of a form."""

    numbers: Mapping[str, Numbers]
    behind: Mask  # UTC, by so many hours and minutes
    naive: Mask
    timed: Mask
    formed: Mask

    def walls(self) -> Walls:
        """Return the times that there are in the calendar and on a clock."""
        none = np.zeros(self.formed.size, np.int64)
        part = {name: self.numbers.get(name, none) for name in _PLACES}
        days, exists = calendar_days(part["year"], part["month"], part["day"])
        seconds = (part["hour"] * 60 + part["minute"]) * 60 + part["second"]
        ahead = (part["hours"] * 60 + part["minutes"]) * (60 * SECOND)
        fits = (part["hour"] < 24) & (part["hours"] < 24)  # noqa: PLR2004
        for name in ("minute", "second", "minutes"):
            fits &= part[name] < 60  # noqa: PLR2004
        return Walls(
            local=(days * DAY + seconds) * SECOND + part["fraction"],
            ahead=np.where(self.behind, -ahead, ahead),
            naive=self.naive,
            timed=self.timed,
            found=self.formed & exists & fits,
        )


def _laid_out(columns: Bytes, layout: str) -> _Parts:
    """Take texts of a layout's length apart, whose bytes come place by place."""
    count = columns.shape[1]
    digits = columns - np.uint8(ord("0"))
    numeric = [place for place, letter in enumerate(layout) if letter not in _MARKS]
    formed = digits[numeric].max(axis=0) <= 9  # noqa: PLR2004  wraps around below 0
    for place, letter in enumerate(layout):
        if letter in _MARKS:
            formed &= np.any([columns[place] == mark for mark in _MARKS[letter]], axis=0)
    numbers = {
        name: _number(digits, layout, letter) * formed
        for name, letter in _PLACES.items()
        if letter in layout
    }
    if "fff" in layout and "ffffff" not in layout:
        numbers["fraction"] *= 1000
    sign = layout.find("+")
    return _Parts(
        numbers=numbers,
        behind=columns[sign] == ord("-") if sign > 0 else np.zeros(count, np.bool_),
        naive=np.full(count, sign < 0 and "Z" not in layout),
        timed=np.full(count, "H" in layout),
        formed=formed,
    )


def _number(digits: Bytes, layout: str, letter: str) -> Numbers:
    """Return the number whose digits stand where the layout has the letter."""
    start, count = layout.index(letter), layout.count(letter)
    number = digits[start].astype(np.uint32)
    for place in range(start + 1, start + count):
        number = number * 10 + digits[place]
    whole: Numbers = number.astype(np.int64)
    return whole


def _matched(texts: pl.Series, form: str) -> _Parts:
    """Take texts apart that fit a regular expression."""
    groups = texts.str.extract_groups(form).struct.unnest()
    absent = [pl.lit(None, pl.String).alias(name) for name in _GROUPS if name not in groups]
    said = groups.with_columns(*absent).select(*_NUMBERS_SAID, *_FLAGS_SAID)
    return _Parts(
        numbers={name: said[name].to_numpy() for name in _PLACES},
        behind=said["behind"].to_numpy(),
        naive=said["naive"].to_numpy(),
        timed=said["timed"].to_numpy(),
        formed=np.ones(texts.len(), np.bool_),
    )


def _year() -> pl.Expr:
    """Return the year; two digits are of the 1900s or of the 2000s."""
    short = pl.col("short").cast(pl.Int64)
    century = pl.when(short < _TURN_OF_CENTURY).then(2000).otherwise(1900)
    return pl.coalesce(pl.col("year").cast(pl.Int64), short + century)


def _month() -> pl.Expr:
    """Return the month, of whose name the first three letters tell which it is."""
    numbers = {name[:3]: place for place, name in enumerate(MONTHS, 1)}
    head = pl.col("name").str.to_lowercase().str.head(3)
    named = head.replace_strict(numbers, default=None, return_dtype=pl.Int64)
    return pl.coalesce(pl.col("month").cast(pl.Int64), named)


def _hour() -> pl.Expr:
    """Return the hour of the day, which is 99 where half a day has no such hour."""
    hour, half = pl.col("hour").cast(pl.Int64), pl.col("half").str.to_lowercase()
    afternoon = pl.when(half == "pm").then(_NOON).otherwise(0)
    halved = pl.when(hour.is_between(1, _NOON)).then(hour % _NOON + afternoon).otherwise(99)
    return pl.when(half.is_null()).then(hour).otherwise(halved)


_GROUPS = (*_PLACES, "short", "name", "half", "zulu", "sign")
_NUMBERS_SAID = tuple(
    expression.fill_null(0).alias(name)
    for name, expression in {
        **{name: pl.col(name).cast(pl.Int64) for name in _PLACES},
        "year": _year(),
        "month": _month(),
        "hour": _hour(),
        "fraction": pl.col("fraction").str.pad_end(6, "0").str.head(6).cast(pl.Int64),
    }.items()
)
_FLAGS_SAID = (
    (pl.col("sign") == "-").fill_null(value=False).alias("behind"),
    (pl.col("sign").is_null() & pl.col("zulu").is_null()).alias("naive"),
    pl.col("hour").is_not_null().alias("timed"),
)
