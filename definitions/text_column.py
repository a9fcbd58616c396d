"""A column of texts with its bytes beside it, for what is quicker on bytes than text by text.

The column engine looks at one text after the other, which costs some 50 to 200 ns each, whatever is
looked for. Array operations over the bytes of all texts cost a few. So ordinary texts are
recognised, and mostly converted, by their bytes; the column engine gets what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from definitions.arrays import Bytes, Mask, Numbers

_BEYOND = bytes(32)  # so that a look at what a short text begins with does not leave the bytes
_FIRST_PRINTED, _LAST_PRINTED = 0x21, 0x7E


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextColumn:
    """Texts, none of them null, and their UTF-8 `data` end to end.

    `starts` and `ends` tell where in `data` each text stands. `padded` is the data with zeros
    behind it. An empty text has a first and a last byte as well, which are those of others: what is
    found by them holds only where `lengths` are not 0.
    """

    texts: pl.Series
    padded: Bytes
    starts: Numbers
    ends: Numbers

    @classmethod
    def of(cls, texts: pl.Series) -> TextColumn:
        """Return a column of texts, of which none is null."""
        return next(columns_of(texts.alias("texts").to_frame()))

    @property
    def data(self) -> Bytes:
        """Return the bytes of all texts."""
        return self.padded[: -len(_BEYOND)]

    @property
    def lengths(self) -> Numbers:
        """Return how many bytes each text has."""
        return self.ends - self.starts

    @property
    def firsts(self) -> Bytes:
        """Return the first byte of each text."""
        return self.padded[self.starts]

    @property
    def lasts(self) -> Bytes:
        """Return the last byte of each text."""
        return self.padded[self.ends - 1]

    @property
    def are_printed(self) -> Mask:
        """Tell of each byte whether it is an ASCII character that one can see."""
        return _are_printed(self.data)

    def part(self, rows: Numbers) -> TextColumn:
        """Return the texts of some rows."""
        return self if rows.size == self.starts.size else TextColumn.of(self.texts[rows])

    def rows_with(self, places: Numbers) -> Numbers:
        """Return the rows in which some places of the data are, each once; both in order."""
        rows = self.ends.searchsorted(places, side="right")
        found: Numbers = rows[np.flatnonzero(np.diff(rows, prepend=-1))]
        return found

    def block(self, rows: Numbers, length: int) -> Bytes:
        """Return the bytes of texts that all have this length: a line for each of their places.

        Of `2024` and `1999` the first line is `21`, the second `09`: what stands at one place of
        all texts is one array.
        """
        if rows.size == self.starts.size:
            return np.ascontiguousarray(self.data.reshape(rows.size, length).T)
        block: Bytes = self.padded[self.starts[rows] + np.arange(length)[:, None]]
        return block

    def trimmed(self) -> TextColumn:
        """Return the texts without white space around them."""
        if _are_printed(self.firsts).all() and _are_printed(self.lasts).all():
            return self
        return TextColumn.of(self.texts.str.strip_chars())


def columns_of(frame: pl.DataFrame) -> Iterator[TextColumn]:
    """Yield every column of a frame that has nothing but texts."""
    if not frame.height:
        nowhere = np.zeros(0, np.int64)
        for texts in frame:
            padded = np.frombuffer(_BEYOND, np.uint8)
            yield TextColumn(texts=texts, padded=padded, starts=nowhere, ends=nowhere)
        return
    joined = frame.select_seq(pl.all().str.join("").cast(pl.Binary)).row(0)
    lengths = frame.select_seq(pl.all().str.len_bytes().cast(pl.Int64))
    for texts, data, length in zip(frame, joined, lengths, strict=True):
        ends = np.cumsum(length.to_numpy())
        padded = np.frombuffer(data + _BEYOND, np.uint8)
        yield TextColumn(texts=texts, padded=padded, starts=ends - length.to_numpy(), ends=ends)


def only(values: pl.Series, wanted: Mask) -> pl.Series:
    """Return the values that are wanted, and null for each other one."""
    if wanted.all():
        return values
    return values.zip_with(pl.Series(wanted), pl.Series([None], dtype=values.dtype))


def put(values: pl.Series, rows: Numbers, others: pl.Series) -> pl.Series:
    """Return the values with others in some rows: these are in order, and as many as `others`."""
    if not rows.size:
        return values
    return others if rows.size == values.len() else values.clone().scatter(rows, others)


def _are_printed(some: Bytes) -> Mask:
    """Tell which bytes are ASCII characters that one can see."""
    # what is smaller than the first one wraps to a large number
    flags: Mask = some - np.uint8(_FIRST_PRINTED) <= _LAST_PRINTED - _FIRST_PRINTED
    return flags
