"""What the texts of a column look like, counted: numbers, dates, addresses, and what is odd.

A cheap look tells which texts could be of a kind; only those are converted, as an import would. How
numbers and dates are written shows in all texts of a column together: they are counted in each way
in which they could be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from definitions.arrays import Mask
from definitions.conversion import as_property
from definitions.instants import instants
from definitions.model import TargetType
from definitions.styles import Matter, proofs
from definitions.text_column import TextColumn
from definitions.written import (
    AS_THE_CONTRACT_HAS_IT,
    BARE,
    COMMA,
    PLAIN,
    POINT,
    DateOrder,
    NumberStyle,
    Written,
)

_UTC = ZoneInfo("UTC")
_DATE_LIKE = r"^(?:[0-9]{4}[-./]|[0-9]{1,2}\. ?)[0-9]"  # numbers are no dates, epochs or not
_LEADING_ZERO = r"^[+-]?0[0-9]+(?:\.[0-9]*)?$"
_DAY_AND_MONTH = r"^[0-3]?[0-9][./-] ?[0-3]?[0-9][./-] ?(?:[0-9]{4}|[0-9]{2})(?:[ T,].*)?$"
_LONG_NUMBER = r"^[+-]?(?:[0-9]{11}|[0-9.]+[eE])"
_EPOCH_FROM, _EPOCH_ASKED_FROM = 1e8, 1e10  # numbers below are seconds, whatever their form
_PLUS = r"^[+][1-9](?:[ '_]?[0-9]){6,14}$"  # as before telephone numbers


def different_texts(cells: pl.Series, typed: Mask | None = None) -> pl.DataFrame:
    """Return the different cells that are not empty, in file order: cell, text, typed, count.

    `typed` tells which cells are no text in the file; None: none is such.
    """
    frame = cells.alias("cell").to_frame()
    if typed is None or typed.all():
        counted = frame.group_by("cell", maintain_order=True).len("count")
        counted = counted.with_columns(typed=pl.lit(typed is not None))
    else:
        marked = frame.with_columns(typed=pl.Series(typed))
        counted = marked.group_by("cell", "typed", maintain_order=True).len("count")
    text = pl.col("cell").str.strip_chars()
    return counted.select("cell", text.alias("text"), "typed", "count").filter(pl.col("text") != "")


def facts_of(texts: pl.DataFrame) -> dict[str, Any]:
    """Return what is counted of the texts, and the extremes of numbers and times."""
    found = texts.select(_OF_ALL).row(0, named=True)
    seen = texts.select(kind.where.any().alias(name) for name, kind in _KINDS.items())
    for name, is_there in seen.row(0, named=True).items():
        if is_there:
            kind = _KINDS[name]
            some = texts.filter(kind.where).with_columns(kind.value.alias("value"))
            found |= some.select(kind.facts).row(0, named=True)
    return found


class _Kind(NamedTuple):
    """Texts that look alike, what is made of each, and what is counted of them."""

    where: pl.Expr
    value: pl.Expr
    facts: tuple[pl.Expr, ...]


def _cells(where: pl.Expr) -> pl.Expr:
    """Count the cells of the texts for which `where` is true."""
    return pl.col("count").filter(where).sum()


def _as(target: TargetType, written: Written = AS_THE_CONTRACT_HAS_IT) -> pl.Expr:
    """Return the texts as an import would convert them."""
    return _TEXT.map_batches(as_property(target, _UTC, written).values, return_dtype=pl.String)


def _number(style: NumberStyle) -> pl.Expr:
    return _as(TargetType.NUMBER, Written(numbers=style))


def _fits(style: NumberStyle) -> pl.Expr:
    return _TEXT.str.contains(style.regex)


def _only_in(target: TargetType, order: DateOrder) -> pl.Expr:
    """Count the cells that an import would convert if that order was known."""
    converted = _as(target, Written(dates=order)).is_not_null() & _as(target).is_null()
    return _cells(converted).alias(f"{target.value} {order.value}")


def _proven(texts: pl.Series) -> pl.Series:
    """Return the order that each text proves to an import, null if it proves none."""
    found = proofs(Matter.DATES, texts)
    orders = pl.Series([None] * texts.len(), dtype=pl.String)
    for order, flags in found.items():
        orders = orders.set(pl.Series(flags), str(order))
    return orders


def _proving(kind: str = "") -> tuple[pl.Expr, ...]:
    """Count the cells that prove an order."""
    return tuple(
        _cells(_VALUE.eq(order.value)).alias(f"{order.value}{kind}")
        for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
    )


def _converted(target: TargetType) -> pl.Expr:
    return _cells(_as(target).is_not_null()).alias(target.value)


def _instants(texts: pl.Series) -> pl.Series:
    return instants(TextColumn.of(texts), _UTC)


def _extremes() -> pl.Expr:
    """Return the lowest and the highest values with their texts: those that are one as floats."""
    exact = pl.struct(_VALUE.cast(pl.String), _TEXT)
    return pl.struct(
        exact.filter(_ROUGH.min() == _ROUGH).implode().alias("lowest"),
        exact.filter(_ROUGH.max() == _ROUGH).implode().alias("highest"),
    )


_CELL, _TEXT, _VALUE = pl.col("cell"), pl.col("text"), pl.col("value")
_ROUGH = _VALUE.cast(pl.Float64)
_WRITTEN = ~pl.col("typed")  # in some style
_POINTED = _TEXT.str.contains(".", literal=True)
_LENGTHENED = _TEXT.str.replace("^(.*[/-] ?)([0-9]{2}(?:[ T,].*)?)$", "${1}20${2}")
_OF_ALL = (
    pl.col("count").sum().alias("filled"),
    _CELL.str.len_chars().max().alias("longest"),
    _cells(_CELL != _TEXT).alias("padded"),
    _cells(_CELL.str.contains("\0", literal=True)).alias("nul"),
)
_KINDS: Mapping[str, _Kind] = {
    "words": _Kind(
        where=_TEXT.str.len_bytes() <= len("false"),
        value=_TEXT,
        facts=(_converted(TargetType.BOOLEAN),),
    ),
    "digits": _Kind(
        where=_TEXT.str.contains(r"^[+-]?\.?[0-9]"),
        value=_number(PLAIN),
        facts=(
            _cells(_VALUE.is_not_null()).alias(TargetType.NUMBER.value),
            _cells((_ROUGH.abs() >= _EPOCH_FROM) & (_ROUGH.abs() < _EPOCH_ASKED_FROM)).alias(
                "epoch"
            ),
            _cells(_TEXT.str.contains(_LEADING_ZERO)).alias("leading_zeros"),
            _cells(_TEXT.str.contains(_PLUS)).alias("plus_signs"),
            _cells(_TEXT.str.starts_with("-")).alias("minus_signs"),
            _cells(_VALUE.is_not_null() & _WRITTEN & _POINTED & ~_fits(COMMA)).alias(
                "decimal point"
            ),
            _extremes().alias("numbers"),
        ),
    ),
    "long numbers": _Kind(
        where=_TEXT.str.contains(_LONG_NUMBER),
        value=_number(PLAIN),
        facts=(
            _cells(
                (_ROUGH.abs() >= _EPOCH_ASKED_FROM) & _as(TargetType.TIMESTAMP).is_not_null()
            ).alias("asked epoch"),
        ),
    ),
    "undivided digits": _Kind(  # which are the same number whatever points and commas are
        where=~_WRITTEN | _TEXT.str.contains(r"^[+-]?[0-9]+(?:[eE][+-]?[0-9]{1,3})?$"),
        value=_number(PLAIN),
        facts=(_extremes().alias("undivided"),),
    ),
    "marked with commas": _Kind(
        where=_WRITTEN & _fits(COMMA) & (_POINTED | ~_fits(PLAIN)),
        value=_number(COMMA),
        facts=(
            _cells(~_fits(PLAIN)).alias("comma"),
            _cells(~_fits(POINT)).alias("decimal comma"),
            _extremes().alias("comma numbers"),
        ),
    ),
    "marked with points": _Kind(
        where=_WRITTEN & _fits(POINT) & ~_fits(PLAIN),
        value=_number(POINT),
        facts=(
            _cells(pl.lit(value=True)).alias("point"),
            _cells(~_fits(COMMA)).alias("marked decimal point"),
            _extremes().alias("point numbers"),
        ),
    ),
    "marked with neither": _Kind(
        where=_WRITTEN & _fits(BARE) & ~_fits(PLAIN),
        value=_number(BARE),
        facts=(
            _cells(pl.lit(value=True)).alias("bare"),
            _extremes().alias("bare numbers"),
        ),
    ),
    "dates": _Kind(
        where=_TEXT.str.contains(_DATE_LIKE),
        value=_TEXT.map_batches(_instants, return_dtype=pl.Int64),
        facts=(
            _converted(TargetType.DATE),
            _cells(_VALUE.is_not_null()).alias(TargetType.DATETIME.value),
            _extremes().alias("times"),
        ),
    ),
    "local dates": _Kind(
        where=_TEXT.str.contains(_DAY_AND_MONTH),
        value=_TEXT.map_batches(_proven, return_dtype=pl.String),
        facts=(
            pl.col("count").sum().alias("day_and_month"),
            _cells(~_TEXT.str.contains("[/-]")).alias("dotted"),
            _cells(_TEXT.str.contains("[/-] ?[0-9]{4}")).alias("ordered"),
            *_proving(),
            _only_in(TargetType.DATE, DateOrder.DAY_FIRST),
            _only_in(TargetType.DATETIME, DateOrder.DAY_FIRST),
            _only_in(TargetType.DATE, DateOrder.MONTH_FIRST),
            _only_in(TargetType.DATETIME, DateOrder.MONTH_FIRST),
        ),
    ),
    "dates of short years": _Kind(
        where=_TEXT.str.contains(_DAY_AND_MONTH) & ~_TEXT.str.contains("[0-9]{4}"),
        value=_LENGTHENED.map_batches(_proven, return_dtype=pl.String),
        facts=_proving(" of a short year"),
    ),
    "structures": _Kind(
        where=_TEXT.str.contains(r"^[\[{]"),
        value=_TEXT.str.starts_with("["),
        facts=(
            _cells(_VALUE & _as(TargetType.LIST).is_not_null()).alias(TargetType.LIST.value),
            _converted(TargetType.JSON),
        ),
    ),
    "addresses": _Kind(
        where=_TEXT.str.contains("^[Hh][Tt][Tt][Pp]"),
        value=_TEXT,
        facts=(_converted(TargetType.URL),),
    ),
}
