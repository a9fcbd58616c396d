"""JSON from outside: in canonical form when every database and every reader takes it.

Most cells of a column are written alike. Flat arrays and objects are recognised as whole columns;
what is left is read in blocks, and cell by cell only where a block holds something odd.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import orjson
import polars as pl

from definitions.arrays import Mask, Numbers
from definitions.canonical import canonical_of
from definitions.text_column import TextColumn, only, put

_NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_HUGE_NUMBER = re.compile(r"[0-9.]{401}|[0-9.][eE][+-]?0*[1-9][0-9]{3}")
_DEEPEST = 200
_OPENING = r"[\[{]"
# a number that a parser would round or write in another way, and what stands between cells
_PERHAPS_ODD = r"[0-9][eE]|[0-9]{12}|\.[0-9]{5}|\.0+(?:[^0-9]|$)|(?:^|[\[:,\s])-0(?:[^.]|$)|\\u0000"
_BETWEEN = ',"\\u0000",'
_BLOCK = 256  # cells
_FEW = 64
_SHAPES = 4
_NEVER = "$^a"
_MARKS = (", ", ": ")
_LINE_END = "\n"  # which JSON has not, unless somebody made it for people to read
_SPACE, _COMMA, _COLON = b" ,:"
_MOST_KEYS = 50


class _Shape(NamedTuple):
    """Regular expressions of texts that are canonical, or are so without a space behind marks."""

    tight: str
    spaced: str


def _scalar(inner: str) -> str:
    """Return the regular expression of canonical scalars whose strings are made of `inner`."""
    return (
        rf'(?:"{inner}*"|0|-?[1-9][0-9]{{0,14}}|-?(?:0|[1-9][0-9]{{0,8}})\.[0-9]{{0,8}}[1-9]'
        "|true|false|null)"
    )


_TIGHT = _scalar(r'[^"\\\x00-\x1f]')
_SPACED = _scalar(r'[^"\\\x00-\x1f,:]')
_ARRAY = _Shape(
    rf"^\[(?:{_TIGHT}(?:,{_TIGHT})*)?\]$",
    rf"^\[(?:{_SPACED}(?:, ?{_SPACED})*)?\]$",
)


def any_json(column: TextColumn) -> pl.Series:
    """Return the texts that are JSON of any kind, canonical; null for anything else."""
    firsts, filled = column.firsts, column.lengths > 0
    are_arrays = filled & (firsts == ord("["))
    are_objects = filled & (firsts == ord("{"))
    texts, left = _tightened(column.texts, np.flatnonzero(are_arrays), _ARRAY)
    others = [left, np.flatnonzero(filled & ~are_arrays & ~are_objects)]
    left = np.flatnonzero(are_objects)
    for attempt in range(_SHAPES):
        if left.size:
            shape = _object_shape(texts[int(left[min(attempt, left.size - 1)])])
            texts, left = _tightened(texts, left, shape)
    return _finished(texts, np.sort(np.concatenate([left, *others])), filled)


def json_arrays(column: TextColumn) -> pl.Series:
    """Return the texts that are JSON arrays, canonical; null for anything else."""
    are_arrays = (column.lengths > 0) & (column.firsts == ord("["))
    texts, left = _tightened(column.texts, np.flatnonzero(are_arrays), _ARRAY)
    return _finished(texts, left, are_arrays)


def holds_nul_escape(text: str) -> bool:
    r"""Tell whether JSON text spells a NUL character as `\u0000`."""
    return "\\u0000" in text and _NUL_ESCAPE.search(text) is not None


def _finished(texts: pl.Series, left: Numbers, wanted: Mask) -> pl.Series:
    """Return the texts that are wanted; those that are left are read, and the others canonical."""
    return only(put(texts, left, _read(texts[left])) if left.size else texts, wanted)


def _tightened(texts: pl.Series, rows: Numbers, shape: _Shape | None) -> tuple[pl.Series, Numbers]:
    """Return the texts, canonical where they are of a shape, and the rows where they are not."""
    if shape is None or not rows.size:
        return texts, rows
    some = texts if rows.size == texts.len() else texts[rows]
    spaced = some.str.contains(shape.spaced)
    if spaced.any():
        fitting = some if spaced.all() else some.filter(spaced)
        texts = put(texts, rows[spaced.to_numpy()], _without_spaces(fitting))
    left = rows[~spaced.to_numpy()]
    if not left.size:
        return texts, left
    return texts, left[~texts[left].str.contains(shape.tight).to_numpy()]


def _without_spaces(texts: pl.Series) -> pl.Series:
    """Return texts in which all commas and colons are marks without the spaces behind these."""
    data = np.frombuffer(texts.str.join(_LINE_END).cast(pl.Binary).item(), np.uint8)
    kept = np.ones(data.size, np.bool_)
    kept[1:] = (data[1:] != _SPACE) | ((data[:-1] != _COMMA) & (data[:-1] != _COLON))
    joined = pl.Series([data[kept].tobytes()]).cast(pl.String)
    return joined.str.split(_LINE_END).explode()


def _object_shape(text: str) -> _Shape | None:
    """Return the shape of canonical objects with the keys of one, and scalars.

    The objects of a column mostly have the same keys: those of a few are looked for in all.
    """
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if not isinstance(value, dict) or len(value) > _MOST_KEYS or "\0" in "".join(value):
        return None
    keys = [re.escape(orjson.dumps(key).decode()) for key in sorted(value)]
    tight, spaced = (
        rf"^\{{{separator.join(f'{key}:{space}{scalar}' for key in keys)}\}}$"
        for separator, space, scalar in ((",", "", _TIGHT), (", ?", " ?", _SPACED))
    )
    is_odd = any(mark in key for key in value for mark in _MARKS)
    return _Shape(tight, _NEVER if is_odd else spaced)


def _read(texts: pl.Series) -> pl.Series:
    """Return the texts that are JSON in their canonical form, read in blocks if they are many."""
    if texts.len() <= _FEW:
        return pl.Series(map(_kept, texts), dtype=pl.String)
    odd = texts.str.contains(_PERHAPS_ODD) | (texts.str.count_matches(_OPENING) > _DEEPEST)
    kept: list[str | None] = [_kept(text) for text in texts.filter(odd)]
    plain = texts.filter(~odd)
    for start in range(0, plain.len(), _BLOCK):
        block = plain.slice(start, _BLOCK)
        kept += _together(block) or [_kept(text) for text in block]
    places = pl.concat([odd.arg_true(), (~odd).arg_true()])
    return texts.scatter(places, kept)


def _together(texts: pl.Series) -> list[str] | None:
    """Return texts in canonical form, read as one; None unless each is JSON by itself.

    Between each two stands a string that is none of theirs. Where all of these are found again as
    elements of the whole, each with one element on either side, no text reached into another.
    """
    try:
        values = orjson.loads(f"[{texts.str.join(_BETWEEN).item()}]")
    except ValueError:
        return None
    if len(values) != 2 * texts.len() - 1 or values[1::2] != ["\0"] * (texts.len() - 1):
        return None
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)[1:-1].decode().split(_BETWEEN)


def _kept(text: str) -> str | None:
    """Return usable JSON, rounded where its numbers may be too long for a database."""
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if holds_nul_escape(text) or _too_deep(text, value):
        return None
    rewrite = _HUGE_NUMBER.search(text) is not None
    return canonical_of(orjson.dumps(value).decode() if rewrite else text, value)


def _too_deep(text: str, value: object) -> bool:
    """Tell whether arrays and objects are nested deeper than `_DEEPEST`."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return False
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _members(outer)]
    return any(isinstance(value, list | dict) for value in level)


def _members(value: object) -> Iterable[object]:
    match value:
        case list():
            return value
        case dict():
            return value.values()
        case _:
            return ()
