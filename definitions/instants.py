"""Columns of text to days and instants, and these to text.

An instant is a column of Int64 microseconds since the epoch, UTC. ISO 8601 is a date, then
optionally `T` or a space, hours and minutes, seconds, a fraction of one to nine digits (cut at
microseconds), and `Z`, `UTC`, `GMT` or an offset. A date alone is its midnight. 24:00 and leap
seconds are not times of a clock and are refused; so is what falls outside the years 1 to 9999 in
UTC.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from definitions.arrays import Mask
from definitions.epochs import END, LOWEST, epoch_instants
from definitions.forms import ISO, forms
from definitions.text_column import TextColumn, only, put
from definitions.walls import Walls, walls
from definitions.written import AS_THE_CONTRACT_HAS_IT, Written
from definitions.zones import DAY, SECOND, Micros, to_utc

_DAY, _MOMENT, _MARKS = "YYYY-MM-DD", "YYYY-MM-DDTHH:MM:SSZ", "-T:Z"
_CUT = "[.,][0-9]{6,8}[1-9]"  # a fraction that is more than its microseconds


def day_texts(column: TextColumn, written: Written = AS_THE_CONTRACT_HAS_IT) -> pl.Series:
    """Return the dates, as `YYYY-MM-DD`; null for anything else.

    A time of day is none where it is midnight without a zone: nothing is lost with it.
    """
    times = walls(column, forms(written))
    found = _are_days(column, times)
    texts = only(column.texts, found)
    others = np.flatnonzero(found & ~_are_written(column, _DAY, written))
    if not others.size:
        return texts
    days = pl.Series(times.local[others]).cast(pl.Datetime("us"))
    return put(texts, others, days.dt.strftime("%Y-%m-%d"))


def utc_texts(
    column: TextColumn, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> pl.Series:
    """Return instants as ISO 8601 text that ends in `Z`; null for what is none.

    A fraction has 3 or 6 digits, and is not written where it is zero.
    """
    moments = instants(column, zone, written)
    found = moments.is_not_null().to_numpy()
    texts = only(column.texts, found)
    others = np.flatnonzero(found & ~_are_written(column, _MOMENT, written))
    if not others.size:
        return texts
    written_anew = moments[others].cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    return put(texts, others, written_anew)


def seconds_texts(micros: pl.Series) -> pl.Series:
    """Return epoch seconds as exact decimal text, without trailing zeros."""
    value = pl.col("micros")
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    fraction = (value.abs() % SECOND).cast(pl.String).str.pad_start(6, "0").str.strip_chars_end("0")
    point = pl.when(fraction == "").then(pl.lit("")).otherwise(pl.lit("."))
    whole = (value.abs() // SECOND).cast(pl.String)
    text = pl.concat_str(sign, whole, point, fraction)
    return micros.to_frame("micros").select(text).to_series()


def instants(
    column: TextColumn, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> pl.Series:
    """Return the instants of texts, naive ones read in `zone`; null for anything else.

    Numbers are seconds or milliseconds since the epoch, unless the column has a pattern.
    """
    times = walls(column, forms(written))
    utc = _utc(times, zone)
    found = times.found & (utc >= LOWEST) & (utc < END)
    read = only(pl.Series(utc), found)
    left = np.flatnonzero(~found & (column.lengths > 0))
    if written.pattern is not None or not left.size:
        return read
    return put(read, left, epoch_instants(column.texts[left]))


def _utc(times: Walls, zone: ZoneInfo) -> Micros:
    """Return the microseconds in UTC of the times that are found."""
    utc: Micros = times.local - times.ahead
    naive = np.flatnonzero(times.naive & times.found)
    utc[naive] = to_utc(times.local[naive], zone)
    return utc


def _are_days(column: TextColumn, times: Walls) -> Mask:
    """Tell which texts are dates alone, or their midnight without a zone."""
    are: Mask = times.found & ~times.timed
    at_midnight = times.local % (DAY * SECOND) == 0
    midnights = np.flatnonzero(times.found & times.timed & times.naive & at_midnight)
    if midnights.size:
        are[midnights] = ~column.texts[midnights].str.contains(_CUT).to_numpy()
    return are


def _are_written(column: TextColumn, form: str, written: Written) -> Mask:
    """Tell which texts have the marks of a form in their places; none if ISO 8601 is no form here.

    So those that are found to be times are written in that form.
    """
    are: Mask = (column.lengths == len(form)) & (ISO in forms(written))
    for place, letter in enumerate(form):
        if letter in _MARKS:
            are &= column.padded[column.starts + place] == ord(letter)
    return are
