"""JSON text built in columns, without a Python object per cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import orjson
import polars as pl

_SPECIAL = [*map(chr, range(0x20)), '"', "\\"]
_ESCAPED = [orjson.dumps(character).decode()[1:-1] for character in _SPECIAL]
BETWEEN = "\0"  # no text that is stored holds it


def array(column: str) -> pl.Expr:
    """Return JSON arrays of the strings that a column's texts have between `BETWEEN`."""
    text = pl.col(column)
    strings = text.str.replace_many([BETWEEN, *_SPECIAL[1:]], ['","', *_ESCAPED[1:]])
    return pl.when(text == "").then(pl.lit("[]")).otherwise(enclosed('["', strings, '"]'))


def escaped(text: pl.Expr) -> pl.Expr:
    """Return the text as it stands between the quotes of a JSON string."""
    return text.str.replace_many(_SPECIAL, _ESCAPED)


def quoted(text: pl.Expr) -> pl.Expr:
    """Return the text as a JSON string; null stays null."""
    return enclosed('"', escaped(text), '"')


def enclosed(before: str, text: pl.Expr, after: str) -> pl.Expr:
    """Return the text between two constant texts; null stays null."""
    return pl.concat_str(pl.lit(before), text, pl.lit(after))


def json_object(members: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return a JSON object of the members' JSON texts, keys sorted, null members left out."""
    if not members:
        return pl.lit("{}")
    names = sorted(members)
    values = [members[name].alias(str(place)) for place, name in enumerate(names)]
    return pl.struct(values).map_batches(partial(_objects, names=names), return_dtype=pl.String)


def _objects(rows: pl.Series, names: Sequence[str]) -> pl.Series:
    """Put objects together in one go, as far as their members are not null."""
    values = rows.struct.unnest()
    keys = [orjson.dumps(name).decode() for name in names]
    begins = [f"{keys[0]}:", *(f",{key}:" for key in keys[1:])]
    nulls = [values[column].null_count() for column in values.columns]
    if nulls[0]:
        begins[0] = f",{begins[0]}"
    pieces: list[pl.Expr] = [pl.lit("{")]
    for column, begin, null in zip(values.columns, begins, nulls, strict=True):
        member = [pl.lit(begin), pl.col(column)]
        pieces += [pl.concat_str(member)] if null else member
    text = pl.concat_str(*pieces, pl.lit("}"), ignore_nulls=True)
    if nulls[0]:
        text = text.str.replace("{,", "{", literal=True)
    return values.select(text).to_series()
