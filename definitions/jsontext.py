"""JSON text built in columns, without a Python object per cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import orjson
import polars as pl

from definitions.arrays import Mask
from definitions.text_column import TextColumn, only, put

# NUL, which is `BETWEEN` too, is the first of them
_SPECIAL = [*map(chr, range(0x20)), '"', "\\"]
_ESCAPED = [orjson.dumps(character).decode()[1:-1] for character in _SPECIAL]
_QUOTE, _BACKSLASH = b'"\\'
_RARELY = 20  # one of more rows than this lacks it
BETWEEN = "\0"  # no text that is stored holds it


class Member(NamedTuple):
    """A member of objects: its JSON text, or if it is `quoted` what stands between the quotes."""

    text: pl.Expr
    quoted: bool = False


def array(column: str) -> pl.Expr:
    """Return JSON arrays of the strings that a column's texts have between `BETWEEN`."""
    text = pl.col(column)
    strings = text.str.replace_many([BETWEEN, *_SPECIAL[1:]], ['","', *_ESCAPED[1:]])
    return pl.when(text == "").then(pl.lit("[]")).otherwise(enclosed('["', strings, '"]'))


def escaped(column: TextColumn) -> pl.Series:
    """Return the texts as they stand between the quotes of JSON strings.

    Null stands for nothing, and for what holds a NUL character.
    """
    data, wanted = column.data, column.lengths > 0
    wanted[column.rows_with(np.flatnonzero(data == 0))] = False
    special = (data < ord(" ")) | (data == _QUOTE) | (data == _BACKSLASH)
    rows = column.rows_with(np.flatnonzero(special))
    texts = column.texts
    if rows.size:
        texts = put(texts, rows, texts[rows].str.replace_many(_SPECIAL, _ESCAPED))
    return only(texts, wanted)


def enclosed(before: str, text: pl.Expr, after: str) -> pl.Expr:
    """Return the text between two constant texts; null stays null."""
    return pl.concat_str(pl.lit(before), text, pl.lit(after))


def json_object(members: Mapping[str, Member]) -> pl.Expr:
    """Return a JSON object of the members in their order, null members left out."""
    if not members:
        return pl.lit("{}")
    values = [member.text.alias(str(place)) for place, member in enumerate(members.values())]
    quotes = ['"' if member.quoted else "" for member in members.values()]
    keys = [orjson.dumps(name).decode() for name in members]
    put_together, rows = partial(_objects, keys=keys, quotes=quotes), pl.struct(values)
    if not rows.meta.root_names():  # nothing is from a column: the object is the same in all rows
        return pl.lit(put_together(pl.select(rows).to_series()).item())
    return rows.map_batches(put_together, return_dtype=pl.String)


def _objects(rows: pl.Series, keys: Sequence[str], quotes: Sequence[str]) -> pl.Series:
    """Put objects together, as far as their members are not null.

    To look in each row for what is missing there costs more than all else. So rows that lack what
    hardly any row lacks are put together by themselves, and the others as if all had that.
    """
    values = rows.struct.unnest()
    missing = {column.name: column.null_count() for column in values}
    rarely = [name for name, count in missing.items() if 0 < count * _RARELY < values.height]
    odd = np.flatnonzero(_any_null(values, rarely))
    often = [count > 0 and name not in rarely for name, count in missing.items()]
    objects = _put_together(values, keys, quotes, often)
    if not odd.size:
        return objects
    some = [count > 0 for count in missing.values()]
    return put(objects, odd, _put_together(values[odd], keys, quotes, some))


def _any_null(values: pl.DataFrame, names: Sequence[str]) -> Mask:
    """Tell which rows have no value in one of some columns."""
    found = np.zeros(values.height, np.bool_)
    for name in names:
        found |= values[name].is_null().to_numpy()
    return found


def _put_together(
    values: pl.DataFrame, keys: Sequence[str], quotes: Sequence[str], nulls: Sequence[bool]
) -> pl.Series:
    """Put objects together in one go; `nulls` tells whose members may be null.

    What stands between two members that are never null is one piece: of `a`, a number, and `b`, a
    text, `{"a":` a `,"b":"` b `"}`. A member that can be null has what stands around it of its own,
    null with it: `{"a":` a and then, where there is one, `,"b":"` b `"`, and in the end `}`. If the
    first member can be null, all begin with a comma, and the first comma is taken out.
    """
    pieces: list[pl.Expr] = []
    between, comma = "{", "," if nulls[0] else ""
    for column, key, quote, is_null in zip(values.columns, keys, quotes, nulls, strict=True):
        begin = f"{comma}{key}:{quote}"
        comma = ","
        if is_null:
            around = pl.when(pl.col(column).is_not_null())
            begins, ends = around.then(pl.lit(begin)), around.then(pl.lit(quote))
            pieces += [pl.lit(between), begins, pl.col(column), ends]
            between = ""
        else:
            pieces += [pl.lit(between + begin), pl.col(column)]
            between = quote
    text = pl.concat_str(*pieces, pl.lit(between + "}"), ignore_nulls=True)
    if nulls[0]:
        text = text.str.replace("{,", "{", literal=True)
    return values.select(text).to_series()
