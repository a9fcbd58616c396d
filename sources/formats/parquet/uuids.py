"""UUIDs in columns, in structures and in lists as the texts that they are known by.

polars takes them for bytes. The keys and values of a map stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from sources.formats.parquet.footer import uuids_in

_PARTS = "^(.{8})(.{4})(.{4})(.{4})(.{12})$"


def with_uuids_as_texts(values: pl.LazyFrame, file: Path) -> pl.LazyFrame:
    """Return the columns of a file with texts in place of what it says are UUIDs.

    Raise `ValueError` for a footer that is damaged.
    """
    schema = values.collect_schema()
    told = zip(schema.items(), uuids_in(file), strict=True)
    return values.with_columns(
        _texts(pl.col(name), dtype, iter(uuids)).alias(name)
        for (name, dtype), uuids in told
        if any(uuids)
    )


def _texts(value: pl.Expr, dtype: object, uuids: Iterator[bool]) -> pl.Expr:
    """Return a value with the UUIDs in it as texts; `uuids` tell of all that it is made of."""
    match dtype:
        case pl.Struct():
            parts = [
                _texts(value.struct.field(part.name), part.dtype, uuids).alias(part.name)
                for part in dtype.fields
            ]
            return pl.when(value.is_not_null()).then(pl.struct(parts))
        case pl.List():
            return value.list.eval(_texts(pl.element(), dtype.inner, uuids))
        case pl.Array():
            return value.arr.to_list().list.eval(_texts(pl.element(), dtype.inner, uuids))
        case pl.Map():
            for inner in (dtype.key, dtype.value):
                _texts(value, inner, uuids)
            return value
        case pl.BaseExtension():
            _texts(value, dtype.ext_storage(), uuids)
            return value
        case _:
            return _text(value) if next(uuids, False) else value


def _text(value: pl.Expr) -> pl.Expr:
    return value.bin.encode("hex").str.replace(_PARTS, "${1}-${2}-${3}-${4}-${5}")
