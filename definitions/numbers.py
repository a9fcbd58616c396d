"""Columns of text to numbers in their canonical form, all digits kept, however many.

A number fits in double precision and in 400 characters.
"""

from __future__ import annotations

import re
from math import isfinite

import polars as pl

from definitions.canonical import canonical_number
from definitions.written import PLAIN, NumberStyle

_CANONICAL = r"^(?:0|-?(?:0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?))$"
_SURELY_CANONICAL = 20  # bytes: not so many zeros that `canonical_number` writes an exponent
_DECIMAL = r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"
_LONGEST = 400


def number(text: pl.Expr, style: NumberStyle = PLAIN) -> pl.Expr:
    """Return the numbers of a style in their canonical form; null for anything else.

    Nearly all numbers have it already.
    """
    plain = text if style == PLAIN else _plain(text, style)
    done = _is_canonical(plain)
    rest = pl.when(~done & plain.str.contains(PLAIN.regex)).then(plain)
    others = rest.map_batches(_canonical_numbers, return_dtype=pl.String)
    return pl.when(done).then(plain).otherwise(others)


def _plain(text: pl.Expr, style: NumberStyle) -> pl.Expr:
    """Return numbers of a style as the contract writes them; null for anything else."""
    bare = text
    if style.thousands:
        bare = bare.str.replace_all(f"[{re.escape(style.marks)}]", "")
    if style.decimal != PLAIN.decimal:
        bare = bare.str.replace(style.decimal, PLAIN.decimal, literal=True)
    return pl.when(text.str.contains(style.regex)).then(bare)


def _is_canonical(text: pl.Expr) -> pl.Expr:
    """Tell which texts are numbers that `canonical_number` would not change."""
    return (text.str.len_bytes() <= _SURELY_CANONICAL) & text.str.contains(_CANONICAL)


def _canonical_numbers(numbers: pl.Series) -> pl.Series:
    """Return numbers in their canonical form; null for one of no ordinary size."""
    spots = numbers.is_not_null().arg_true()
    if not spots.len():
        return numbers
    some = numbers.gather(spots)
    found = pl.col("number")
    stripped = found.str.strip_chars_end("0").str.strip_chars_end(".")  # a price such as 9.50
    plain = pl.when(found.str.contains(_DECIMAL) & _is_canonical(stripped)).then(stripped)
    written = some.to_frame("number").select(plain).to_series()
    odd = written.is_null().arg_true()
    if odd.len():
        written = written.scatter(odd, [_canonical(text) for text in some.gather(odd)])
    return numbers.clear(numbers.len()).scatter(spots, written)


def _canonical(text: str) -> str | None:
    """Return a number in its canonical form if it fits in double precision."""
    fits = len(text) <= _LONGEST and isfinite(float(text))
    return canonical_number(text) if fits else None
