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
    """Return the numbers of a style in their canonical form; null for anything else."""
    plain = text if style == PLAIN else _plain(text, style)
    return plain.map_batches(_numbers, return_dtype=pl.String)


def _plain(text: pl.Expr, style: NumberStyle) -> pl.Expr:
    """Return numbers of a style as the contract writes them; null for anything else."""
    bare = text
    if style.thousands:
        bare = bare.str.replace_all(f"[{re.escape(style.marks)}]", "")
    if style.decimal != PLAIN.decimal:
        bare = bare.str.replace(style.decimal, PLAIN.decimal, literal=True)
    return pl.when(text.str.contains(style.regex)).then(bare)


def _numbers(texts: pl.Series) -> pl.Series:
    """Return the contract's numbers in their canonical form; null for anything else."""
    length = texts.str.len_bytes() <= _SURELY_CANONICAL
    left = (~(length & texts.str.contains(_CANONICAL))).fill_null(value=False).arg_true()
    if not left.len():
        return texts
    return texts.clone().scatter(left, _canonical_numbers(texts.gather(left)))  # which is in place


def _canonical_numbers(texts: pl.Series) -> pl.Series:
    """Return numbers in their canonical form; null for others, and too large ones."""
    number = pl.col("text")
    stripped = number.str.strip_chars_end("0").str.strip_chars_end(".")  # a price such as 9.50
    short = stripped.str.len_bytes() <= _SURELY_CANONICAL
    simple = number.str.contains(_DECIMAL) & short & stripped.str.contains(_CANONICAL)
    wanted = texts.to_frame("text").select(
        written=pl.when(simple).then(stripped), odd=~simple & number.str.contains(PLAIN.regex)
    )
    odd = wanted["odd"].arg_true()
    if not odd.len():
        return wanted["written"]
    return wanted["written"].scatter(odd, [_canonical(text) for text in texts.gather(odd)])


def _canonical(text: str) -> str | None:
    """Return a number in its canonical form if it fits in double precision."""
    fits = len(text) <= _LONGEST and isfinite(float(text))
    return canonical_number(text) if fits else None
