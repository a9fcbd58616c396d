"""A frame as the rows that PostgreSQL's COPY reads in its binary form.

The server reads numbers as they are and texts without looking for what is escaped in them, which
spares it an eighth of the work or more; and nothing has to be escaped for it. A row is the number
of its columns, and of each its length and its bytes. The column engine joins all rows of a piece,
with NUL characters in the places of numbers and lengths, and those are then set at once:

```
                 key      properties                  import_hash
joined   ..0000  SKU-1    0000 1 {"price":9.5}   0008 00000000
set         |5|           |14|                          |hash|
```

It takes the texts from where they are: a column of all texts, each as often as rows have it, is
made of references, so the texts of a row are copied once, when all are joined.

Source: PostgreSQL's documentation of COPY, "Binary Format"; that of a type is what its `recv`
function takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.ma  # polars would in some thread, and NumPy cannot in two at once
import numpy.typing as npt
import polars as pl

from definitions.arrays import Mask, Numbers

Columns: TypeAlias = Mapping[str, str]  # of a table, and the type of each
Spots: TypeAlias = npt.NDArray[np.intp]  # places of rows in a frame
Array: TypeAlias = npt.NDArray[Any]  # of what PostgreSQL reads

FIXED: Final[Mapping[str, np.dtype[Any]]] = {
    "bigint": np.dtype(">i8"),
    "integer": np.dtype(">i4"),
    "float8": np.dtype(">f8"),
    "boolean": np.dtype("?"),
    "timestamptz": np.dtype(">i8"),  # microseconds since 2000
    "bytea": np.dtype("V16"),  # of the only kind there is, an MD5
}
TEXTS: Final[Mapping[str, str]] = {
    "text": "",
    "jsonb": "\1",
}  # and what stands before each: a version
_EXACT: Final[Mapping[str, pl.DataType]] = {"float8": pl.Float64(), "integer": pl.Int32()}
_BEGIN: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_COUNT: Final = np.dtype(">i2")
_LENGTH: Final = np.dtype(">i4")
_NULL: Final = -1  # for a length
_YEAR_2000: Final = 946_684_800_000_000  # in microseconds since 1970
_TOGETHER: Final = 4096  # rows of a piece


class Setting(NamedTuple):
    """Values to be set in rows: where each stands in its row, and in which rows, if not in all.

    Their bytes are in the order in which PostgreSQL reads them.
    """

    at: Numbers
    values: Array
    where: Mask | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of a table: their texts, how many bytes each row has, and what is to be set.

    A row is one text of each part. `texts` holds part after part, each of which begins where
    `begins` says, and goes on by a `step` of 1 a row, or of 0 if it is one text, the same in all.
    """

    texts: pl.Series
    begins: Spots
    steps: Spots
    lengths: Numbers
    settings: Mapping[str, Setting]

    def having(self, column: str, numbers: Numbers) -> Rows:
        """Return the rows with other numbers in a column that has no null."""
        at, before, _ = self.settings[column]
        changed = Setting(at, numbers.astype(before.dtype))
        return replace(self, settings={**self.settings, column: changed})

    def pieces(self, spots: Spots | None = None) -> Iterator[bytes | bytearray]:
        """Yield all rows, or some in their order, in pieces of some hundred kilobytes."""
        order = np.arange(len(self.lengths)) if spots is None else spots
        yield _BEGIN
        for start in range(0, len(order), _TOGETHER):
            yield self._piece(order[start : start + _TOGETHER])
        yield _END

    def _piece(self, spots: Spots) -> bytearray:
        places = self.begins + np.multiply.outer(spots, self.steps)
        text = bytearray(self.texts[places.ravel()].str.join("").cast(pl.Binary).item())
        lengths = self.lengths[spots]
        begins = np.cumsum(lengths) - lengths
        for at, values, where in self.settings.values():
            some = slice(None) if where is None else where[spots]
            _at_any_byte(text, values.dtype)[(begins + at[spots])[some]] = values[spots][some]
        return text


def rows_of(frame: pl.DataFrame, columns: Columns) -> Rows:
    """Return a frame as rows of a table that has these columns, all of them in the frame."""
    writing = _Writing(frame.height, len(columns))
    for name, kind in columns.items():
        writing.add(name, frame[name], kind)
    return writing.rows()


class _Writing:
    """Rows that are put together column by column."""

    def __init__(self, height: int, width: int) -> None:
        self._parts: list[pl.Series] = []
        self._steps: list[int] = []
        self._between = "\0" + chr(width)  # what stands behind the last text
        self._at = np.full(height, _COUNT.itemsize, np.int64)
        self._settings: dict[str, Setting] = {}

    def add(self, name: str, column: pl.Series, kind: str) -> None:
        """Add a column; where it is null a row has a length, but no value."""
        if kind in TEXTS:
            self._add_texts(name, column.cast(pl.String), TEXTS[kind])
            return
        values, where = _values(column, kind), None
        zeros = "\0" * values.itemsize
        if column.null_count():
            filled = column.is_not_null()
            where = filled.to_numpy()
        self._settings[name] = Setting(self._at + _LENGTH.itemsize, values, where)
        if where is None:
            self._between += "\0\0\0" + chr(values.itemsize) + zeros
            self._at = self._at + _LENGTH.itemsize + values.itemsize
        else:
            places = pl.select(pl.when(filled).then(pl.lit(zeros)))
            self._add_texts(name, places.to_series(), "")

    def rows(self) -> Rows:
        """Return the rows with all columns that were added, one of texts at least."""
        self._add_part(pl.Series([self._between]), 0)
        sizes = [len(part) for part in self._parts]
        return Rows(
            texts=pl.concat(self._parts, rechunk=True),
            begins=np.cumsum([0, *sizes[:-1]]),
            steps=np.array(self._steps),
            lengths=self._at,
            settings=self._settings,
        )

    def _add_part(self, texts: pl.Series, step: int) -> None:
        self._parts.append(texts.alias(""))
        self._steps.append(step)

    def _add_texts(self, name: str, texts: pl.Series, version: str) -> None:
        """Add texts, each behind its version."""
        lengths = texts.str.len_bytes().cast(pl.Int64) + len(version)
        if texts.null_count():
            texts, version = (version + texts).fill_null(""), ""
        told = lengths.fill_null(_NULL).to_numpy().astype(_LENGTH)
        self._settings[f"length of {name}"] = Setting(self._at, told)
        self._add_part(pl.Series([self._between + "\0" * _LENGTH.itemsize + version]), 0)
        self._add_part(texts, 1)
        self._between = ""
        self._at = self._at + _LENGTH.itemsize + lengths.fill_null(0).to_numpy()


def _values(column: pl.Series, kind: str) -> Array:
    """Return values as PostgreSQL reads them, anything for those that are null."""
    if kind == "bytea":
        return np.frombuffer(b"".join(column.to_list()), FIXED[kind])
    if kind == "timestamptz":
        column = column.dt.epoch("us") - _YEAR_2000
    exact = _EXACT.get(kind, pl.Int64())  # what does not fit is refused, and not cut
    values: Array = column.cast(exact).fill_null(0).to_numpy().astype(FIXED[kind])
    return values


def _at_any_byte(text: bytearray, values: np.dtype[Any]) -> Array:
    """Return what assigns values of a type to where they begin in a text."""
    return np.ndarray((len(text) - values.itemsize + 1,), values, text, strides=(1,))
