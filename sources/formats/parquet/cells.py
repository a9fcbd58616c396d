"""What values of every type are as text, as expressions over whole columns.

Numbers are exact: integers and decimals digit by digit, floats in the shortest form that reads
back as the same float, whole ones without a point. A structure becomes a column per field, with
dotted names; lists and maps become JSON text, and a type that a writer made of another one is that
one. What is missing is an empty cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataTypeClass

from definitions.errors import FormatError

MOMENT = "%Y-%m-%dT%H:%M:%S%.f"
TIME_OF_DAY = "%H:%M:%S%.f"
MOST_DAYS = 73_000_000  # from 1970 on, either way: 200,000 years
MILLISECONDS_OF_DAY = 86_400_000


def _as_it_is(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String)


TEXTS: Mapping[DataTypeClass, Callable[[pl.Expr], pl.Expr]] = {
    pl.String: _as_it_is,
    pl.Boolean: _as_it_is,
    pl.Null: _as_it_is,
    pl.Categorical: _as_it_is,
    pl.Enum: _as_it_is,
    pl.Date: lambda value: _in_calendar(value, _as_it_is, MOST_DAYS, "days"),
    pl.Time: lambda value: value.dt.to_string(TIME_OF_DAY),
    pl.Duration: lambda value: value.dt.to_string("iso"),
    pl.Binary: lambda value: value.bin.encode("base64"),
}
WRAPPED = '{"v":', "}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellColumn:
    """A column of cells: its dotted name, and the expression that gives its text."""

    name: str
    cells: pl.Expr
    type: pl.DataType

    @property
    def is_typed(self) -> bool:
        """Tell whether the cells are numbers, moments or truths in the file, and no text."""
        kind = self.type
        return kind.is_numeric() or kind.is_temporal() or isinstance(kind, pl.Boolean)


def flat_columns(schema: pl.Schema) -> list[CellColumn]:
    """Return the columns of a file, in order, those of structures in their place.

    Raise `FormatError` for a type that has no text.
    """
    columns = [
        part for name, dtype in schema.items() for part in _flattened(name, pl.col(name), dtype)
    ]
    return [
        CellColumn(name=name, cells=_text(name, value, dtype).fill_null(""), type=dtype)
        for name, value, dtype in columns
    ]


def _flattened(
    name: str, value: pl.Expr, dtype: pl.DataType
) -> Iterator[tuple[str, pl.Expr, pl.DataType]]:
    """Yield a column, or those of the fields of a structure, however deep."""
    value, dtype = _stored(value, dtype)
    if not isinstance(dtype, pl.Struct):
        yield name, value, dtype
        return
    for part in dtype.fields:
        inner = value.struct.field(part.name)
        yield from _flattened(f"{name}.{part.name}", inner, _made(part.dtype))


def _text(name: str, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List | pl.Array | pl.Map):
        return _json(_plain(name, value, dtype)).replace("null", None)
    return _scalar(name, value, dtype)


def _scalar(name: str, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return _moment(value, dtype)
    if dtype.is_float():
        return _as_it_is(value).str.strip_suffix(".0")  # which pandas makes of ids with gaps
    if dtype.is_numeric():
        return _as_it_is(value)
    told = TEXTS.get(dtype.base_type())
    if told is None:
        msg = f"the column {name!r} has the type {dtype}, which has no text; leave it out"
        raise FormatError(msg)
    return told(value)


def _moment(value: pl.Expr, dtype: pl.Datetime) -> pl.Expr:
    def told(moment: pl.Expr) -> pl.Expr:
        if dtype.time_zone is None:
            return moment.dt.to_string(MOMENT)
        return moment.dt.convert_time_zone("UTC").dt.to_string(MOMENT + "Z")

    if dtype.time_unit == "ns":  # they do not reach so far
        return told(value)
    units = MILLISECONDS_OF_DAY * (1000 if dtype.time_unit == "us" else 1)
    return _in_calendar(value, told, MOST_DAYS * units, dtype.time_unit)


def _in_calendar(
    value: pl.Expr, told: Callable[[pl.Expr], pl.Expr], most: int, unit: str
) -> pl.Expr:
    """Return what is `told` of a day or a moment, or how many units it is away from 1970."""
    number = value.to_physical()
    is_in = number.is_between(-most, most)
    return (
        pl.when(is_in)
        .then(told(pl.when(is_in).then(value)))
        .otherwise(pl.format("{} " + unit + " from 1970-01-01", number))
    )


def _json(value: pl.Expr) -> pl.Expr:
    """Return JSON of values that JSON knows; `null` of those that are missing."""
    before, behind = WRAPPED
    whole = pl.struct(value.alias("v")).struct.json_encode()
    return whole.str.strip_prefix(before).str.strip_suffix(behind)


def _plain(name: str, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return values that JSON knows, such as the text of a date, in lists and structures too."""
    value, dtype = _stored(value, dtype)
    if isinstance(dtype, pl.Map):
        return _plain_map(name, value, dtype)
    if isinstance(dtype, pl.List):
        return value.list.eval(_plain(name, pl.element(), _made(dtype.inner)))
    if isinstance(dtype, pl.Array):
        return value.arr.to_list().list.eval(_plain(name, pl.element(), _made(dtype.inner)))
    if isinstance(dtype, pl.Struct):
        parts = [
            _plain(name, value.struct.field(part.name), _made(part.dtype)).alias(part.name)
            for part in dtype.fields
        ]
        return pl.when(value.is_not_null()).then(pl.struct(parts))
    if dtype.is_integer() or dtype.is_float() or isinstance(dtype, pl.Boolean | pl.Null):
        return value
    return _scalar(name, value, dtype)


def _plain_map(name: str, value: pl.Expr, dtype: pl.Map) -> pl.Expr:
    """Return a map from texts to values that JSON knows."""
    key, inner = pl.element().struct.field("key"), pl.element().struct.field("value")
    inner_type = _made(dtype.value)
    entry = pl.struct(
        _scalar(name, *_stored(key, _made(dtype.key))).alias("key"),
        _plain(name, inner, inner_type).alias("value"),
    )
    empty = pl.DataFrame(schema={name: inner_type})
    plain_type = empty.select(_plain(name, pl.col(name), inner_type)).to_series().dtype
    return value.map.entries().list.eval(entry).cast(pl.Map(pl.String(), plain_type))


def _stored(value: pl.Expr, dtype: pl.DataType) -> tuple[pl.Expr, pl.DataType]:
    """Return what is stored for a type that was made of another one, such as that of JSON."""
    if isinstance(dtype, pl.BaseExtension):
        return value.ext.storage(), _made(dtype.ext_storage())
    return value, dtype


def _made(dtype: pl.DataType | DataTypeClass) -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()
