"""Which way of reading a record suits how the records of a text lie."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from sources.formats.json.layout import Layout
from sources.formats.json.quoted import read_quoted
from sources.formats.json.record import read_record, read_row, read_row_of_sheet, read_value
from sources.formats.json.wrapped import read_wrapped

ReadRecord: TypeAlias = Callable[[bytes], dict[str, Any] | None]


def reader_of(layout: Layout) -> ReadRecord:
    """Return what reads a record that lies so; it returns None for what is no row."""
    if layout.within:
        return partial(read_wrapped, within=layout.within)
    if layout.are_quoted:
        return read_quoted
    if layout.are_values:
        return partial(read_value, name=layout.names[0])
    read = read_row_of_sheet if layout.are_of_sheet else read_row
    return partial(read, names=layout.names) if layout.names else read_record
