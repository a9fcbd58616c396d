"""Columns of text to instants: seconds and milliseconds since the epoch.

Neither can be taken for the other: what is a second of the years 1 to 9999 is no millisecond. Not
read are numbers of fewer digits than the seconds of our time have, which may be years, days or
amounts, and whole numbers that are the digits of a date, or of a date and a time: `20240131` is
hardly a second of August 1970, `202401311015` none of the year 8383. Where shorter numbers are
read as seconds, those that spreadsheets have for the days of our time are not: `45292` is hardly a
second of the first day of 1970, but 1 January 2024.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

import polars as pl

from definitions.zones import SECOND

FIRST_SECOND: Final = -62_135_596_800
END_SECOND: Final = 253_402_300_800
LOWEST: Final = FIRST_SECOND * SECOND
END: Final = END_SECOND * SECOND
# digits of a date without marks, or with a time of day: 8, 12 or 14. As seconds they were of August
# and September 1970 or of the years 7990 to 8939, as milliseconds of the years 2572 to 2667
COMPACT: Final = (
    r"^(?:19|20|21)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?)?$"
)
# what a spreadsheet counts from 11 August 1987 to 29 July 2050, perhaps with a time of day
COUNTED_DAY: Final = r"^(?:3[2-9]|4[0-9]|5[0-4])[0-9]{3}(?:\.[0-9]+)?$"
_FORMATS: Final = MappingProxyType({8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"})
_LONG_NUMBER = r"^-?[0-9]{9}"
_SECONDS = r"^(?P<sign>-?)(?P<whole>[1-9][0-9]{8,11})(?:\.(?P<fraction>[0-9]{1,9}))?$"
_MILLIS = r"^-?[1-9][0-9]{11,13}$"


def compact_format(digits: str) -> str | None:
    """Return the format of digits that are those of a date, or of a date and a time."""
    return _FORMATS[len(digits)] if re.fullmatch(COMPACT, digits) else None


def is_counted_day(digits: str) -> bool:
    """Tell whether digits are likely a day as spreadsheets count them."""
    return re.fullmatch(COUNTED_DAY, digits) is not None


def epoch_instants(texts: pl.Series) -> pl.Series:
    """Return the microseconds since the epoch that numbers mean; null for anything else."""
    if not texts.str.contains(_LONG_NUMBER).any():
        return texts.clear(texts.len()).cast(pl.Int64)
    text = pl.col("text")
    micros = pl.coalesce(_of_seconds(text), _of_millis(text))
    usable = (micros >= LOWEST) & (micros < END)
    return texts.to_frame("text").select(pl.when(usable).then(micros)).to_series()


def _of_seconds(text: pl.Expr) -> pl.Expr:
    """Return the microseconds of numbers that are seconds, cut behind the sixth digit."""
    parts = pl.when(~text.str.contains(COMPACT)).then(text).str.extract_groups(_SECONDS)
    whole = parts.struct.field("whole").cast(pl.Int64)
    fraction = parts.struct.field("fraction").str.pad_end(6, "0").str.head(6).cast(pl.Int64)
    sign = pl.when(parts.struct.field("sign") == "-").then(-1).otherwise(1)
    micros = sign * (whole * SECOND + fraction.fill_null(0))
    return pl.when((sign * whole >= FIRST_SECOND) & (sign * whole < END_SECOND)).then(micros)


def _of_millis(text: pl.Expr) -> pl.Expr:
    """Return the microseconds of whole numbers that can only be milliseconds."""
    whole = pl.when(text.str.contains(_MILLIS) & ~text.str.contains(COMPACT)).then(text)
    millis = whole.cast(pl.Int64)
    second = (millis >= FIRST_SECOND) & (millis < END_SECOND)
    return pl.when(~second).then(millis * 1000)
