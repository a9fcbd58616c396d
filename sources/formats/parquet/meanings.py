"""UUIDs and JSON in columns, in structures and in lists as the texts that they are.

polars takes them for bytes. The keys and values of a map stay what they are. Columns with what
polars does not read are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl

from sources.formats.parquet.footer import Meaning, meanings_in

_PARTS = "^(.{8})(.{4})(.{4})(.{4})(.{12})$"


def with_texts(values: pl.LazyFrame, file: Path) -> tuple[pl.LazyFrame, list[str]]:
    """Return the columns of a file with texts in place of what it says are UUIDs or JSON.

    Return also the names of those that are left out. Raise `ValueError` for a footer that is
    damaged.
    """
    schema = values.collect_schema()
    told = list(zip(schema.items(), meanings_in(file), strict=True))
    left_out = [name for (name, _), meanings in told if Meaning.UNREADABLE in meanings]
    texts = [
        _texts(pl.col(name), dtype, iter(meanings)).alias(name)
        for (name, dtype), meanings in told
        if any(meanings) and name not in left_out
    ]
    return values.drop(left_out).with_columns(texts), left_out


def _texts(value: pl.Expr, dtype: object, meanings: Iterator[Meaning | None]) -> pl.Expr:
    """Return a value with the texts in it; `meanings` tell of all that it is made of."""
    match dtype:
        case pl.Struct():
            parts = [
                _texts(value.struct.field(part.name), part.dtype, meanings).alias(part.name)
                for part in dtype.fields
            ]
            return pl.when(value.is_not_null()).then(pl.struct(parts))
        case pl.List():
            return value.list.eval(_texts(pl.element(), dtype.inner, meanings))
        case pl.Array():
            return value.arr.to_list().list.eval(_texts(pl.element(), dtype.inner, meanings))
        case pl.Map():
            for inner in (dtype.key, dtype.value):
                _texts(value, inner, meanings)
            return value
        case pl.BaseExtension():
            _texts(value, dtype.ext_storage(), meanings)
            return value
        case _:
            meaning = next(meanings, None)
            is_text = meaning is not None and isinstance(dtype, pl.Binary)
            return _TEXTS[meaning](value) if is_text else value


def _uuid(value: pl.Expr) -> pl.Expr:
    return value.bin.encode("hex").str.replace(_PARTS, "${1}-${2}-${3}-${4}-${5}")


_TEXTS: Mapping[Meaning | None, Callable[[pl.Expr], pl.Expr]] = {
    Meaning.UUID: _uuid,
    Meaning.JSON: lambda value: value.cast(pl.String),
}
