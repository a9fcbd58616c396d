"""What a cell becomes: one column expression per target type.

All types but string and long text ignore white space around the value, and nothing but white space
is an empty cell.

- string, long text: exactly as it stands
- number: digits, decimal point, sign, exponent; the digits are kept, however many, as long as the
  number fits in double precision and in 400 characters; written as `definitions.canonical` says
- boolean: true/false, 1/0, yes/no, in any case
- date: `YYYY-MM-DD`; datetime: ISO 8601, becomes UTC text; timestamp: epoch seconds or ISO 8601,
  becomes epoch seconds
- list: a JSON array when it begins with `[`, else texts between commas, trimmed, empty ones dropped
- json: any JSON text, not deeper than 200 levels, in its canonical form; numbers longer or smaller
  than databases take are rounded to double precision
- url: absolute, http or https, without white space

No text, key or JSON string may hold a NUL character, and no key may be longer than `LONGEST_KEY`
bytes: not every database can store them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import assert_never
from zoneinfo import ZoneInfo

import polars as pl

from definitions.canonical import canonical_number
from definitions.instants import (
    END,
    LOWEST,
    calendar_date,
    instants,
    seconds_texts,
    utc_texts,
)
from definitions.jsonchecks import any_json, json_arrays
from definitions.jsontext import enclosed, escaped, quoted
from definitions.model import TargetType
from definitions.zones import SECOND

LONGEST_KEY = 512  # bytes: fits an index entry of every database, even beside a long id name
_TEXTS = frozenset({TargetType.STRING, TargetType.LONG_TEXT})
_CANONICAL = r"^(?:0|-?(?:0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?))$"
_SURELY_CANONICAL = 20  # bytes: not so many zeros that `canonical_number` writes an exponent
_DECIMAL = r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_LONGEST_NUMBER = 400
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


def as_property(cell: pl.Expr, target: TargetType, zone: ZoneInfo) -> Conversion:
    """Convert cells to JSON text of the target type; naive times are read in `zone`."""
    text = cell if target in _TEXTS else cell.str.strip_chars()
    return Conversion(value=json_value(cell, target, zone), filled=text != "")


def as_key(cell: pl.Expr) -> Conversion:
    """Convert cells to the text of a key: trimmed, else as it stands."""
    text = cell.str.strip_chars()
    sized = pl.when(text.str.len_bytes() <= LONGEST_KEY).then(text)
    return Conversion(value=_storable(sized), filled=text != "")


def as_seconds(cell: pl.Expr, zone: ZoneInfo) -> Conversion:
    """Convert cells of the timestamp type to Float64 seconds since the epoch."""
    text = cell.str.strip_chars()
    iso = text.map_batches(lambda texts: instants(texts, zone), return_dtype=pl.Int64) / SECOND
    seconds = pl.coalesce(_epoch_number(text).cast(pl.Float64), iso)
    return Conversion(value=seconds, filled=text != "")


def json_value(cell: pl.Expr, target: TargetType, zone: ZoneInfo) -> pl.Expr:
    """Return each cell as JSON text of the target type; null where empty or unusable."""
    text = cell.str.strip_chars()
    match target:
        case TargetType.STRING | TargetType.LONG_TEXT:
            value = quoted(_storable(cell))
        case TargetType.NUMBER:
            value = _number(text)
        case TargetType.BOOLEAN:
            value = _boolean(text)
        case TargetType.DATE:
            value = quoted(pl.when(calendar_date(text).is_not_null()).then(text))
        case TargetType.DATETIME:
            value = quoted(_through(text, lambda texts: utc_texts(instants(texts, zone))))
        case TargetType.TIMESTAMP:
            iso = _through(text, lambda texts: seconds_texts(instants(texts, zone)))
            value = pl.coalesce(_epoch_number(text), iso)
        case TargetType.LIST:
            value = _list(text)
        case TargetType.JSON:
            value = _through(text, any_json)
        case TargetType.URL:
            value = quoted(pl.when(text.str.contains(_URL)).then(text))
        case _:
            assert_never(target)
    return value


def _storable(text: pl.Expr) -> pl.Expr:
    """Return the text where there is some, without a NUL character."""
    return pl.when((text != "") & ~text.str.contains("\0", literal=True)).then(text)


def _number(text: pl.Expr) -> pl.Expr:
    """Return a number in its canonical form, all digits kept; nearly all numbers have it."""
    done = _is_canonical(text)
    rest = pl.when(~done & text.str.contains(_NUMBER)).then(text)
    return pl.when(done).then(text).otherwise(_through(rest, _canonical_numbers))


def _is_canonical(text: pl.Expr) -> pl.Expr:
    """Tell which texts are numbers that `canonical_number` would not change."""
    return (text.str.len_bytes() <= _SURELY_CANONICAL) & text.str.contains(_CANONICAL)


def _canonical_numbers(numbers: pl.Series) -> pl.Series:
    """Return numbers in their canonical form; null for one of no ordinary size."""
    spots = numbers.is_not_null().arg_true()
    if not spots.len():
        return numbers
    number = pl.col("number")
    stripped = number.str.strip_chars_end("0").str.strip_chars_end(".")  # a price such as 9.50
    plain = pl.when(number.str.contains(_DECIMAL) & _is_canonical(stripped)).then(stripped)
    rows = numbers.gather(spots).to_frame("number").select(plain.alias("plain"), number).iter_rows()
    written = [plain or _canonical(number) for plain, number in rows]
    return numbers.clear(numbers.len()).scatter(spots, pl.Series(written, dtype=pl.String))


def _canonical(number: str) -> str | None:
    """Return a number in its canonical form if it fits in double precision."""
    fits = len(number) <= _LONGEST_NUMBER and isfinite(float(number))
    return canonical_number(number) if fits else None


def _epoch_number(text: pl.Expr) -> pl.Expr:
    """Return a number that is an epoch second of the years 1 to 9999."""
    number = _number(text)
    seconds = number.cast(pl.Float64)
    return pl.when((seconds >= LOWEST // SECOND) & (seconds < END // SECOND)).then(number)


def _boolean(text: pl.Expr) -> pl.Expr:
    word = text.str.to_lowercase()
    true = pl.when(word.is_in(_TRUE)).then(pl.lit("true"))
    return true.when(word.is_in(_FALSE)).then(pl.lit("false"))


def _list(text: pl.Expr) -> pl.Expr:
    """Return a JSON array as it stands, or an array of the texts between commas."""
    looks_json = text.str.starts_with("[")
    array = _through(pl.when(looks_json).then(text), json_arrays)
    parts = _through(_storable(pl.when(~looks_json).then(text)), _split)
    return pl.coalesce(array, parts)


def _split(texts: pl.Series) -> pl.Series:
    joined = texts.str.replace_all(r"\s*,[\s,]*", ",").str.strip_chars(",").to_frame("parts")
    parts = pl.col("parts")
    strings = enclosed('["', escaped(parts).str.replace_all(",", '","', literal=True), '"]')
    return joined.select(pl.when(parts == "").then(pl.lit("[]")).otherwise(strings)).to_series()


def _through(text: pl.Expr, convert: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """Return what a function of whole columns makes of the text."""
    return text.map_batches(convert, return_dtype=pl.String)
