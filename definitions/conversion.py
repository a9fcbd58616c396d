"""What a cell becomes: one function of whole columns per target type.

All types but string and long text ignore white space around the value, and nothing but white space
is an empty cell.

- string, long text: exactly as it stands
- number: digits, decimal point, sign, exponent, or as its column is written; the digits are kept,
  however many, as long as the number fits in double precision and in 400 characters; written as
  `definitions.canonical` says
- boolean: true/false, 1/0, yes/no, in any case
- date: ISO 8601, or as its column is written, becomes `YYYY-MM-DD`, also with midnight and no
  zone behind it; datetime: the same with a time, or seconds or milliseconds since the epoch, is
  made UTC text; timestamp: the same, becomes seconds
- list: a JSON array when it begins with `[`, else texts between separators, trimmed, empty ones
  dropped
- json: any JSON text, not deeper than 200 levels, in its canonical form; numbers longer or smaller
  than databases take are rounded to double precision
- url: absolute, http or https, without white space

No text, key or JSON string may hold a NUL character, and no key may be longer than `LONGEST_KEY`
bytes: not every database can store them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from definitions.arrays import Mask, Numbers
from definitions.epochs import COMPACT, COUNTED_DAY, END_SECOND, FIRST_SECOND
from definitions.instants import day_texts, instants, seconds_texts, utc_texts
from definitions.jsonchecks import any_json, json_arrays
from definitions.jsontext import BETWEEN, array, enclosed, escaped
from definitions.model import TargetType
from definitions.numbers import numbers
from definitions.text_column import TextColumn, only, put
from definitions.web_addresses import web_addresses
from definitions.written import AS_THE_CONTRACT_HAS_IT, Written
from definitions.zones import SECOND

LONGEST_KEY = 512  # bytes: fits an index entry of every database, even beside a long id name
_TEXTS = frozenset({TargetType.STRING, TargetType.LONG_TEXT})
_QUOTED = frozenset({*_TEXTS, TargetType.DATE, TargetType.DATETIME, TargetType.URL})
_WORDS = MappingProxyType(
    {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
)
_VALUES = ["true", "false", None]
_NUMERIC = np.zeros(256, np.bool_)
_NUMERIC[list(b"0123456789+-.eE")] = True

Convert: TypeAlias = Callable[[TextColumn], pl.Series]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Converted:
    """A column converted: `values` are null where a cell is empty or cannot be used.

    `filled` tells which cells are not empty, so the two together tell which cannot be used.
    """

    values: pl.Series
    filled: Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conversion:
    """How a column is converted; `quoted` values are what stands in the quotes of JSON strings.

    `of_typed` converts the cells that are no text in the file, where that is not the same.
    """

    convert: Convert
    of_typed: Convert | None = None
    trims: bool = True
    quoted: bool = False

    def __call__(self, column: TextColumn, typed: Mask | None = None) -> Converted:
        """Convert the cells of a column; `typed` tells which are no text in the file, if any."""
        column = column.trimmed() if self.trims else column
        filled = column.lengths > 0
        if typed is None or self.of_typed is None:
            return Converted(values=self.convert(column), filled=filled)
        rows = np.flatnonzero(typed & filled)
        if rows.size == np.count_nonzero(filled):
            return Converted(values=self.of_typed(column), filled=filled)
        values = put(self.convert(column), rows, self.of_typed(column.part(rows)))
        return Converted(values=values, filled=filled)

    def values(self, cells: pl.Series) -> pl.Series:
        """Return what cells become, as whole JSON texts where it is JSON; none of them is null."""
        values = self(TextColumn.of(cells)).values
        if not self.quoted:
            return values
        return values.to_frame("value").select(enclosed('"', pl.col("value"), '"')).to_series()


def as_property(
    target: TargetType, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> Conversion:
    """Return how cells become JSON text of the target type; naive times are read in `zone`."""
    return Conversion(
        convert=_to_json(target, zone, written),
        of_typed=_of_typed(partial(_to_json, target, zone), written),
        trims=target not in _TEXTS,
        quoted=target in _QUOTED,
    )


def as_key() -> Conversion:
    """Return how cells become the text of a key: trimmed, else as it stands."""
    return Conversion(convert=_keys)


def as_seconds(zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT) -> Conversion:
    """Return how cells of the timestamp type become Float64 seconds since the epoch."""

    def to_seconds(written: Written) -> Convert:
        return partial(_seconds, zone=zone, written=written)

    return Conversion(convert=to_seconds(written), of_typed=_of_typed(to_seconds, written))


def _of_typed(made: Callable[[Written], Convert], written: Written) -> Convert | None:
    """Return what converts cells that are no text in the file, if not the same as the others."""
    return None if written.of_typed == written else made(written.of_typed)


def _to_json(target: TargetType, zone: ZoneInfo, written: Written) -> Convert:
    """Return what makes JSON of a column."""
    converts: dict[TargetType, Convert] = {
        TargetType.STRING: escaped,
        TargetType.LONG_TEXT: escaped,
        TargetType.NUMBER: partial(numbers, style=written.numbers),
        TargetType.BOOLEAN: _booleans,
        TargetType.DATE: partial(day_texts, written=written),
        TargetType.DATETIME: partial(utc_texts, zone=zone, written=written),
        TargetType.TIMESTAMP: partial(_timestamps, zone=zone, written=written),
        TargetType.LIST: partial(_lists, separator=written.separator),
        TargetType.JSON: any_json,
        TargetType.URL: web_addresses,
    }
    return converts[target]


def _keys(column: TextColumn) -> pl.Series:
    """Return the texts that every database can store as keys."""
    lengths = column.lengths
    return only(column.texts, (lengths > 0) & (lengths <= LONGEST_KEY) & ~_with_nul(column))


def _with_nul(column: TextColumn) -> Mask:
    """Tell which texts hold a NUL character."""
    flags = np.zeros(column.starts.size, np.bool_)
    flags[column.rows_with(np.flatnonzero(column.data == 0))] = True
    return flags


def _seconds(column: TextColumn, zone: ZoneInfo, written: Written) -> pl.Series:
    """Return the epoch seconds of times; a number as it stands."""
    seconds = instants(column, zone, written) / SECOND
    rows, found = _epoch_numbers(column, written)
    return put(seconds, rows, found.cast(pl.Float64))


def _timestamps(column: TextColumn, zone: ZoneInfo, written: Written) -> pl.Series:
    """Return the epoch seconds of times as exact text; a number as it stands."""
    texts = seconds_texts(instants(column, zone, written))
    return put(texts, *_epoch_numbers(column, written))


def _epoch_numbers(column: TextColumn, written: Written) -> tuple[Numbers, pl.Series]:
    """Return the rows of numbers that are an epoch second of the years 1 to 9999, and these.

    The digits of a date are none, nor are days as spreadsheets count them.
    """
    if written.pattern is not None:
        return np.zeros(0, np.int64), pl.Series([], dtype=pl.String)
    numeric = column.lengths > 0
    numeric[column.rows_with(np.flatnonzero(~_NUMERIC[column.data]))] = False
    rows = np.flatnonzero(numeric)
    found = numbers(column.part(rows))
    seconds = found.cast(pl.Float64)
    fits = ((seconds >= FIRST_SECOND) & (seconds < END_SECOND)).fill_null(value=False)
    fits &= ~found.str.contains(f"{COMPACT}|{COUNTED_DAY}").fill_null(value=False)
    return rows[fits.to_numpy()], found.filter(fits)


def _booleans(column: TextColumn) -> pl.Series:
    """Return the truth that words mean, in upper or lower case."""
    lengths, found = column.lengths, np.full(column.starts.size, _VALUES.index(None))
    for word, value in _WORDS.items():
        is_word = lengths == len(word)
        for place, (small, large) in enumerate(zip(word, word.upper(), strict=True)):
            letters = column.padded[column.starts + place]
            is_word &= (letters == ord(small)) | (letters == ord(large))
        found[is_word] = _VALUES.index(value)
    return pl.Series(_VALUES, dtype=pl.String)[found]


def _lists(column: TextColumn, separator: str) -> pl.Series:
    """Return a JSON array as it stands, or an array of the texts between separators."""
    filled = column.lengths > 0
    are_json = filled & (column.firsts == ord("["))
    if are_json.all():
        return json_arrays(column)
    rows = np.flatnonzero(are_json)
    others = np.flatnonzero(filled & ~are_json & ~_with_nul(column))
    nothing = pl.repeat(None, filled.size, dtype=pl.String, eager=True)
    lists = put(nothing, rows, json_arrays(column.part(rows)))
    return put(lists, others, _split(column.texts[others], separator))


def _split(texts: pl.Series, separator: str) -> pl.Series:
    """Return arrays of the trimmed texts between separators, without empty ones."""
    parted = texts.str.replace_all(separator, BETWEEN, literal=True)
    trimmed = parted.str.replace_all(rf"[\s{BETWEEN}]*{BETWEEN}[\s{BETWEEN}]*", BETWEEN)
    return trimmed.str.strip_chars(BETWEEN).to_frame("texts").select(array("texts")).to_series()
