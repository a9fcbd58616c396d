"""Columns of text to web addresses: absolute, http or https, without white space."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import orjson
import polars as pl

from definitions.text_column import TextColumn, only, put

_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\s\x00-\x1f\x7f/?#][^\s\x00-\x1f\x7f]*")
_SCHEMES: Final = (b"https://", b"http://")
_NO_HOST = b"/?#"
_QUOTE, _BACKSLASH = b'"\\'


def web_addresses(column: TextColumn) -> pl.Series:
    """Return the texts that are web addresses, for a JSON string; null for anything else."""
    known = np.zeros(column.starts.size, np.bool_)
    for scheme in _SCHEMES:
        begins = np.ones(column.starts.size, np.bool_)
        for place, byte in enumerate(scheme):
            begins &= column.padded[column.starts + place] == byte
        first = column.padded[column.starts + len(scheme)]
        begins &= (column.lengths > len(scheme)) & ~np.isin(first, list(_NO_HOST))
        known |= begins
    odd = ~column.are_printed | (column.data == _QUOTE) | (column.data == _BACKSLASH)
    known[column.rows_with(np.flatnonzero(odd))] = False
    found, left = only(column.texts, known), np.flatnonzero(~known & (column.lengths > 0))
    if not left.size:
        return found
    return put(found, left, pl.Series(map(_checked, column.texts[left]), dtype=pl.String))


def _checked(text: str) -> str | None:
    """Return a web address as it stands between the quotes of a JSON string."""
    return orjson.dumps(text).decode()[1:-1] if _URL.fullmatch(text) else None
