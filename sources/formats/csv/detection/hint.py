"""A first line that says what parts the fields: `sep=;`, as spreadsheets write and read it."""

from __future__ import annotations

import re
from dataclasses import replace

from definitions.model import FileFormat

HINT = re.compile(rb'"?sep=([^"\r\n]{1,3})"?(?:\r\n|\r|\n)', re.IGNORECASE)


def as_hinted(layout: FileFormat, hint: re.Match[bytes] | None) -> FileFormat:
    """Return `layout` with the delimiter of the hint, unless it has one."""
    if hint is None or layout.delimiter is not None:
        return layout
    return replace(layout, delimiter=hint.group(1).decode(errors="replace"))


def told_of_hint(hint: re.Match[bytes] | None) -> dict[str, str]:
    """Return what a person reads about the hint."""
    return {"delimiter": "the first line says so"} if hint else {}
