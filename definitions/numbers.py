"""Columns of text to numbers in their canonical form, all digits kept, however many.

A number fits in double precision and in 400 characters.
"""

from __future__ import annotations

import re
from math import isfinite

import numpy as np
import polars as pl

from definitions.arrays import Mask
from definitions.canonical import canonical_number
from definitions.text_column import TextColumn, only, put
from definitions.written import PLAIN, NumberStyle

_SURELY_CANONICAL = 20  # bytes: not so many zeros that `canonical_number` writes an exponent
_PLAIN = re.compile(PLAIN.regex)
_LONGEST = 400
_MINUS, _POINT, _ZERO = b"-.0"
_MOST_DIGIT = 9


def numbers(column: TextColumn, style: NumberStyle = PLAIN) -> pl.Series:
    """Return the numbers of a style in their canonical form; null for anything else."""
    if style != PLAIN:
        column = TextColumn.of(_plain(column.texts, style))
    filled = column.lengths > 0
    canonical, loose = _looked_at(column)
    texts = only(column.texts, filled)
    if loose.any():  # a price such as 9.50
        rows = np.flatnonzero(loose)
        stripped = pl.col("text").str.strip_chars_end("0").str.strip_chars_end(".")
        texts = put(texts, rows, texts[rows].to_frame("text").select(stripped).to_series())
    left = np.flatnonzero(filled & ~canonical & ~loose)
    return put(texts, left, pl.Series(map(_canonical, texts[left]), dtype=pl.String))


def _plain(texts: pl.Series, style: NumberStyle) -> pl.Series:
    """Return numbers of a style as the contract writes them; nothing for anything else."""
    text = bare = pl.col("text")
    if style.thousands:
        bare = bare.str.replace_all(f"[{re.escape(style.marks)}]", "")
    if style.decimal != PLAIN.decimal:
        bare = bare.str.replace(style.decimal, PLAIN.decimal, literal=True)
    plain = pl.when(text.str.contains(style.regex)).then(bare).otherwise(pl.lit(""))
    return texts.to_frame("text").select(plain).to_series()


def _looked_at(column: TextColumn) -> tuple[Mask, Mask]:
    """Tell which texts are canonical numbers, and which are but for zeros behind the point.

    Looked for are digits, behind a sign if there is one, with one point between them or none. So a
    text has no other byte than these.
    """
    others = np.flatnonzero(column.data - np.uint8(_ZERO) > _MOST_DIGIT)  # a smaller byte wraps
    rows = column.ends.searchsorted(others, side="right")
    points = np.full(column.starts.size, -1)
    is_point = column.data[others] == _POINT
    points[rows[is_point]] = others[is_point]

    has_sign, has_point = (column.firsts == _MINUS) & (column.lengths > 0), points >= 0
    begins = column.starts + has_sign
    whole = np.where(has_point, points, column.ends) - begins  # digits before the point
    is_number = np.bincount(rows, minlength=points.size) == has_sign + has_point.astype(np.int64)
    is_number &= (whole > 0) & (points < column.ends - 1)

    begins_with_zero, ends_with_zero = column.padded[begins] == _ZERO, column.lasts == _ZERO
    may_be_zero = begins_with_zero & (ends_with_zero | ~has_point)
    is_fine = is_number & (~begins_with_zero | (whole == 1)) & ~(has_sign & may_be_zero)
    is_fine &= column.lengths <= _SURELY_CANONICAL
    has_loose_zeros = has_point & ends_with_zero
    return is_fine & ~has_loose_zeros, is_fine & has_loose_zeros


def _canonical(text: str) -> str | None:
    """Return a number in its canonical form if it is one and fits in double precision."""
    if _PLAIN.fullmatch(text) is None or len(text) > _LONGEST or not isfinite(float(text)):
        return None
    return canonical_number(text)
