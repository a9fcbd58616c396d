"""Columns of text to days and instants, and these to text.

An instant is a column of Int64 microseconds since the epoch, UTC. ISO 8601 is a date, then
optionally `T` or a space, hours and minutes, seconds, a fraction of one to nine digits (cut at
microseconds), and `Z` or an offset. A date alone is its midnight. 24:00 and leap seconds are not
times of a clock and are refused; so is what falls outside the years 1 to 9999 in UTC.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from definitions.days import Flags
from definitions.epochs import END, LOWEST, epoch_instants
from definitions.forms import ISO, forms
from definitions.walls import Walls, walls
from definitions.written import AS_THE_CONTRACT_HAS_IT, Written
from definitions.zones import SECOND, Micros, to_utc

_DAY_TEXT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_UTC_TEXT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"


def day_texts(texts: pl.Series, written: Written = AS_THE_CONTRACT_HAS_IT) -> pl.Series:
    """Return the dates that have no time of day, as `YYYY-MM-DD`; null for anything else."""
    times = walls(texts, forms(written))
    found = _where(times.found & ~times.timed, times.local)
    days = found.cast(pl.Datetime("us"))
    return _written(days, "%Y-%m-%d", *_same(texts, _DAY_TEXT, days, written))


def utc_texts(
    texts: pl.Series, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> pl.Series:
    """Return instants as ISO 8601 text that ends in `Z`; null for what is none.

    A fraction has 3 or 6 digits, and is not written where it is zero.
    """
    moments = instants(texts, zone, written).cast(pl.Datetime("us"))
    form = "%Y-%m-%dT%H:%M:%S%.fZ"
    return _written(moments, form, *_same(texts, _UTC_TEXT, moments, written))


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
    texts: pl.Series, zone: ZoneInfo, written: Written = AS_THE_CONTRACT_HAS_IT
) -> pl.Series:
    """Return the instants of texts, naive ones read in `zone`; null for anything else.

    Numbers are seconds or milliseconds since the epoch, unless the column has a pattern.
    """
    times = walls(texts, forms(written))
    utc = _utc(times, zone)
    found = _where(times.found & (utc >= LOWEST) & (utc < END), utc)
    left = found.is_null() & texts.is_not_null()
    if written.pattern is not None or not left.any():
        return found
    spots = left.arg_true()
    return found.scatter(spots, epoch_instants(texts.gather(spots)))


def _utc(times: Walls, zone: ZoneInfo) -> Micros:
    """Return the microseconds in UTC of the times that are found."""
    utc: Micros = times.local - times.ahead
    naive = np.flatnonzero(times.naive & times.found)
    utc[naive] = to_utc(times.local[naive], zone)
    return utc


def _where(found: Flags, values: Micros) -> pl.Series:
    """Return the values that are found; null for the others."""
    columns = {"found": found, "value": values}
    return pl.DataFrame(columns).select(pl.when("found").then("value")).to_series()


def _same(
    texts: pl.Series, iso: str, moments: pl.Series, written: Written
) -> tuple[pl.Series, pl.Series]:
    """Return the texts, and which of them are how their moments are written."""
    if ISO not in forms(written):
        return texts, moments.is_null() & moments.is_not_null()
    return texts, texts.str.contains(iso).fill_null(value=False) & moments.is_not_null()


def _written(moments: pl.Series, form: str, texts: pl.Series, same: pl.Series) -> pl.Series:
    """Return moments written in a form, which some texts are already."""
    if same.all():
        return texts
    others = (~same).arg_true()
    written = moments.gather(others).dt.strftime(form)
    return texts.clone().scatter(others, written)  # which is in place
