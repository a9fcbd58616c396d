"""JSON from outside: in canonical form when every database and every reader takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson
import polars as pl

from definitions.canonical import canonical_json

_NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_HUGE_NUMBER = r"[0-9.]{401}|[0-9.][eE][+-]?0*[1-9][0-9]{3}"
_DEEPEST = 200


def any_json(texts: pl.Series) -> pl.Series:
    """Return the texts that are JSON of any kind, canonical; null for anything else."""
    return _checked(texts, object)


def json_arrays(texts: pl.Series) -> pl.Series:
    """Return the texts that are JSON arrays, canonical; null for anything else."""
    return _checked(texts, list)


def holds_nul_escape(text: str) -> bool:
    r"""Tell whether JSON text spells a NUL character as `\u0000`."""
    return "\\u0000" in text and _NUL_ESCAPE.search(text) is not None


def _checked(texts: pl.Series, wanted: type) -> pl.Series:
    if texts.null_count() == texts.len():
        return texts
    huge = texts.str.contains(_HUGE_NUMBER)
    kept = [
        None if text is None else _kept(text, wanted, rewrite=is_huge)
        for text, is_huge in zip(texts.to_list(), huge.to_list(), strict=True)
    ]
    return pl.Series(kept, dtype=pl.String)


def _kept(text: str, wanted: type, *, rewrite: bool) -> str | None:
    """Return usable JSON, rounded where its numbers may be too long for a database."""
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if not isinstance(value, wanted) or holds_nul_escape(text) or _too_deep(text, value):
        return None
    return canonical_json(orjson.dumps(value).decode() if rewrite else text)


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
