"""What a cell becomes: one column expression per target type.

All types but string and long text ignore white space around the value, and nothing but white space
is an empty cell.

- string, long text: exactly as it stands
- number: digits, decimal point, sign, exponent, or as its column is written; the digits are kept,
  however many, as long as the number fits in double precision and in 400 characters; written as
  `definitions.canonical` says
- boolean: true/false, 1/0, yes/no, in any case
- date: ISO 8601, or as its column is written, becomes `YYYY-MM-DD`; datetime: the same with a time,
  or seconds or milliseconds since the epoch, becomes UTC text; timestamp: the same, becomes seconds
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
from typing import assert_never
from zoneinfo import ZoneInfo

import polars as pl

from definitions.epochs import END_SECOND, FIRST_SECOND
from definitions.instants import day_texts, instants, seconds_texts, utc_texts
from definitions.jsonchecks import any_json, json_arrays
from definitions.jsontext import BETWEEN, array, enclosed, quoted
from definitions.model import TargetType
from definitions.numbers import number
from definitions.written import AS_THE_CONTRACT_HAS_IT, Written
from definitions.zones import SECOND

LONGEST_KEY = 512  # bytes: fits an index entry of every database, even beside a long id name
_TEXTS = frozenset({TargetType.STRING, TargetType.LONG_TEXT})
_TRUE = ("true", "1", "yes")
_FALSE = ("false", "0", "no")
_URL = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\x00-\x1f\x7f/?#]+[^\s\x00-\x1f\x7f]*$"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conversion:
    """A text column converted: `value` is null where a cell is empty or cannot be used.

    `filled` tells which cells are not empty, so the two together tell which cannot be used.
    """

    value: pl.Expr
    filled: pl.Expr


def as_property(
    cell: pl.Expr, target: TargetType, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> Conversion:
    """Convert cells to JSON text of the target type; naive times are read in `zone`."""
    text = cell if target in _TEXTS else cell.str.strip_chars()
    return Conversion(value=_json_value(text, target, zone, written), filled=text != "")


def as_key(cell: pl.Expr) -> Conversion:
    """Convert cells to the text of a key: trimmed, else as it stands."""
    text = cell.str.strip_chars()
    sized = pl.when(text.str.len_bytes() <= LONGEST_KEY).then(text)
    return Conversion(value=_storable(sized), filled=text != "")


def as_seconds(
    cell: pl.Expr, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> Conversion:
    """Convert cells of the timestamp type to Float64 seconds since the epoch."""
    text = cell.str.strip_chars()
    read = partial(instants, zone=zone, written=written)
    seconds = text.map_batches(read, return_dtype=pl.Int64) / SECOND
    if written.pattern is None:
        seconds = pl.coalesce(_epoch_number(text).cast(pl.Float64), seconds)
    return Conversion(value=seconds, filled=text != "")


def _json_value(text: pl.Expr, target: TargetType, zone: ZoneInfo, written: Written) -> pl.Expr:
    """Return each text as JSON of the target type; null where empty or unusable."""
    match target:
        case TargetType.STRING | TargetType.LONG_TEXT:
            value = quoted(_storable(text))
        case TargetType.NUMBER:
            value = number(text, written.numbers)
        case TargetType.BOOLEAN:
            value = _boolean(text)
        case TargetType.DATE:
            value = enclosed('"', _through(text, partial(day_texts, written=written)), '"')
        case TargetType.DATETIME:
            read = partial(utc_texts, zone=zone, written=written)
            value = enclosed('"', _through(text, read), '"')
        case TargetType.TIMESTAMP:
            value = _timestamp(text, zone, written)
        case TargetType.LIST:
            value = _list(text, written.separator)
        case TargetType.JSON:
            value = _through(pl.when(text != "").then(text), any_json)
        case TargetType.URL:
            value = quoted(pl.when(text.str.contains(_URL)).then(text))
        case _:
            assert_never(target)
    return value


def _storable(text: pl.Expr) -> pl.Expr:
    """Return the text where there is some, without a NUL character."""
    return pl.when((text != "") & ~text.str.contains("\0", literal=True)).then(text)


def _timestamp(text: pl.Expr, zone: ZoneInfo, written: Written) -> pl.Expr:
    """Return epoch seconds: a number as it stands, or what a time comes to."""
    read = _through(text, lambda texts: seconds_texts(instants(texts, zone, written)))
    return read if written.pattern else pl.coalesce(_epoch_number(text), read)


def _epoch_number(text: pl.Expr) -> pl.Expr:
    """Return a number that is an epoch second of the years 1 to 9999."""
    found = number(text)
    seconds = found.cast(pl.Float64)
    return pl.when((seconds >= FIRST_SECOND) & (seconds < END_SECOND)).then(found)


def _boolean(text: pl.Expr) -> pl.Expr:
    word = text.str.to_lowercase()
    true = pl.when(word.is_in(_TRUE)).then(pl.lit("true"))
    return true.when(word.is_in(_FALSE)).then(pl.lit("false"))


def _list(text: pl.Expr, separator: str) -> pl.Expr:
    """Return a JSON array as it stands, or an array of the texts between separators."""
    looks_json = text.str.starts_with("[")
    arrays = _through(pl.when(looks_json).then(text), json_arrays)
    others = _storable(pl.when(~looks_json).then(text))
    return pl.coalesce(arrays, _through(others, partial(_split, separator=separator)))


def _split(texts: pl.Series, separator: str) -> pl.Series:
    """Return arrays of the trimmed texts between separators, without empty ones."""
    if texts.null_count() == texts.len():
        return texts
    parted = texts.str.replace_all(separator, BETWEEN, literal=True)
    trimmed = parted.str.replace_all(rf"[\s{BETWEEN}]*{BETWEEN}[\s{BETWEEN}]*", BETWEEN)
    return trimmed.str.strip_chars(BETWEEN).to_frame("texts").select(array("texts")).to_series()


def _through(text: pl.Expr, convert: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """Return what a function of whole columns makes of the text."""
    return text.map_batches(convert, return_dtype=pl.String)
