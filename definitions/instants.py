"""Columns of text to instants, and instants to text.

An instant is a column of Int64 microseconds since the epoch, UTC. Read is ISO 8601: a date, then
optionally `T` or a space, hours and minutes, seconds, a fraction of one to nine digits (cut at
microseconds), and `Z` or an offset. A date alone is its midnight. 24:00 and leap seconds are not
times of a clock and are refused; so is what falls outside the years 1 to 9999 in UTC.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import polars as pl

from definitions.zones import DAY, SECOND, to_utc

_ISO = (
    r"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?<hour>[01][0-9]|2[0-3]):(?<minute>[0-5][0-9])"
    r"(?::(?<second>[0-5][0-9])(?:[.,](?<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?:(?<zulu>[Zz])|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3])(?::?(?<minutes>[0-5][0-9]))?))?"
    r")?$"
)
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FIRST_DAY = date(1, 1, 1)
LOWEST = -62_135_596_800 * SECOND
END = 253_402_300_800 * SECOND


def calendar_date(text: pl.Expr) -> pl.Expr:
    """Return the Date of `YYYY-MM-DD`; null for anything else."""
    return _day(pl.when(text.str.contains(_DATE)).then(text))


def instants(texts: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return the instants of ISO 8601 texts, naive ones read in `zone`; null for anything else."""
    times = texts.str.extract_groups(_ISO).struct.unnest().select(_local(), _ahead(), _naive())
    read = to_utc(times["local"].fill_null(0).to_numpy(), zone)
    found = pl.when("naive").then("read").otherwise(pl.col("local") - pl.col("ahead"))
    utc = times.with_columns(pl.Series("read", read)).select(found.alias("utc"), "local")
    usable = pl.col("local").is_not_null() & (pl.col("utc") >= LOWEST) & (pl.col("utc") < END)
    return utc.select(pl.when(usable).then("utc")).to_series()


def utc_texts(micros: pl.Series) -> pl.Series:
    """Return ISO 8601 text that ends in `Z`; a fraction of 3 or 6 digits where there is one."""
    return micros.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")


def seconds_texts(micros: pl.Series) -> pl.Series:
    """Return epoch seconds as exact decimal text, without trailing zeros."""
    value = pl.col("micros")
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    fraction = (value.abs() % SECOND).cast(pl.String).str.pad_start(6, "0").str.strip_chars_end("0")
    point = pl.when(fraction == "").then(pl.lit("")).otherwise(pl.lit("."))
    whole = (value.abs() // SECOND).cast(pl.String)
    text = pl.concat_str(sign, whole, point, fraction)
    return micros.to_frame("micros").select(text).to_series()


def _day(text: pl.Expr) -> pl.Expr:
    """Return the Date of ten well-formed characters; null if there is no such day."""
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(day >= _FIRST_DAY).then(day)


def _local() -> pl.Expr:
    """Return the microseconds that the clock on the wall has counted since the epoch."""
    seconds = (_whole("hour") * 60 + _whole("minute")) * 60 + _whole("second")
    fraction = pl.col("fraction").str.pad_end(6, "0").str.head(6).cast(pl.Int64).fill_null(0)
    days = _day(pl.col("day")).cast(pl.Int64)
    return ((days * DAY + seconds) * SECOND + fraction).alias("local")


def _ahead() -> pl.Expr:
    """Return how many microseconds the wall is ahead of UTC, as the text says; 0 for `Z`."""
    size = (_whole("hours") * 60 + _whole("minutes")) * (60 * SECOND)
    return pl.when(pl.col("sign") == "-").then(-size).otherwise(size).alias("ahead")


def _naive() -> pl.Expr:
    """Tell which texts do not say how far they are from UTC."""
    return (pl.col("zulu").is_null() & pl.col("sign").is_null()).alias("naive")


def _whole(name: str) -> pl.Expr:
    """Return a group of digits as a number; 0 where the group is absent."""
    return pl.col(name).cast(pl.Int64).fill_null(0)
