"""JSON from outside: in canonical form when every database and every reader takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson
import polars as pl

from definitions.canonical import canonical_of

_NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_HUGE_NUMBER = r"[0-9.]{401}|[0-9.][eE][+-]?0*[1-9][0-9]{3}"
_DEEPEST = 200
# scalars that are canonical as they stand, as nearly all are
_SCALAR = (
    r'(?:"[^"\\\x00-\x1f]*"|0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,8}[1-9]'
    "|true|false|null)"
)
_FLAT_ARRAY = rf"^\[(?:{_SCALAR}(?:,{_SCALAR})*)?\]$"
_SHAPES = 4
_MOST_KEYS = 50


def any_json(texts: pl.Series) -> pl.Series:
    """Return the texts that are JSON of any kind, canonical; null for anything else."""
    done = texts.str.contains(_FLAT_ARRAY).fill_null(value=True) | _flat_objects(texts)
    return _checked(texts, done, object)


def json_arrays(texts: pl.Series) -> pl.Series:
    """Return the texts that are JSON arrays, canonical; null for anything else."""
    return _checked(texts, texts.str.contains(_FLAT_ARRAY).fill_null(value=True), list)


def holds_nul_escape(text: str) -> bool:
    r"""Tell whether JSON text spells a NUL character as `\u0000`."""
    return "\\u0000" in text and _NUL_ESCAPE.search(text) is not None


def _flat_objects(texts: pl.Series) -> pl.Series:
    """Tell which texts are surely canonical objects of scalars; null is one.

    The cells of a column mostly have the same keys: those of a few cells are looked for in all.
    """
    done = texts.is_null()
    for attempt in range(_SHAPES):
        left = (~done).arg_true()
        if not left.len():
            break
        shape = _shape(texts[left[min(attempt, left.len() - 1)]])
        if shape is not None:
            done |= texts.str.contains(shape).fill_null(value=True)
    return done


def _shape(text: str) -> str | None:
    """Return the regular expression of canonical objects with the keys of one, and scalars."""
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if not isinstance(value, dict) or len(value) > _MOST_KEYS:
        return None
    keys = (re.escape(orjson.dumps(key).decode()) for key in sorted(value))
    return rf"^\{{{','.join(f'{key}:{_SCALAR}' for key in keys)}\}}$"


def _checked(texts: pl.Series, done: pl.Series, wanted: type) -> pl.Series:
    """Return the texts that are done, and of the others those of a type, in canonical form."""
    left = (~done & texts.is_not_null()).arg_true()
    if not left.len():
        return texts
    others = texts.gather(left)
    huge = others.str.contains(_HUGE_NUMBER)
    kept = [
        _kept(text, wanted, rewrite=is_huge)
        for text, is_huge in zip(others.to_list(), huge.to_list(), strict=True)
    ]
    return texts.clone().scatter(left, pl.Series(kept, dtype=pl.String))  # which is in place


def _kept(text: str, wanted: type, *, rewrite: bool) -> str | None:
    """Return usable JSON, rounded where its numbers may be too long for a database."""
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if not isinstance(value, wanted) or holds_nul_escape(text) or _too_deep(text, value):
        return None
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
