"""What was found out about a delimited text, and what a person reads about that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from definitions.model import FileFormat
from sources.formats.csv.detection.columns import Trait
from sources.formats.csv.dialect import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How a file is written and where its table begins.

    `skip_rows` physical lines come before the header, which has `header_rows` rows (0: there
    is none). Most rows have `width` fields. The names may have a delimiter of their own, there
    may be none for the first column (`names_rows`), or empty ones that no column has
    (`has_empty_names`). Rows end before the byte `end` of the sample if notes follow.
    `is_header_sure` tells that the header surely is one. `traits` are those of the columns, empty
    if the rows are too few to tell. `evidence` tells a person why.
    """

    dialect: Dialect
    skip_rows: int = 0
    header_rows: int = 1
    width: int = 1
    header_delimiter: bytes = b""
    names_rows: bool = False
    has_empty_names: bool = False
    end: int | None = None
    is_header_sure: bool = False
    traits: tuple[Trait, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)


def told_of_parts(found: Detection, layout: FileFormat, why: Mapping[str, str]) -> dict[str, str]:
    """Return for every part of `found` what a person reads about it."""
    dialect = found.dialect
    parts = {
        "delimiter": _shown(dialect.delimiter),
        "quote": _shown(dialect.quote),
        "escape": _shown(dialect.escape),
        "record_end": dialect.record_end.value,
        "skip_rows": str(found.skip_rows),
        "header_rows": str(found.header_rows),
    }
    given = {name for name in parts if getattr(layout, name) is not None}
    reasons = {name: f": {why[name]}" if why.get(name) else "" for name in parts}
    return {
        name: f"{part} given" if name in given else f"{part} found{reasons[name]}"
        for name, part in parts.items()
    }


def told_of_unlike(found: Detection, layout: FileFormat, remarks: int) -> dict[str, str]:
    """Return what a person reads about lines that are unlike the rows."""
    told: dict[str, str] = {}
    if remarks:
        told["remarks"] = f"lines with '#' that are no rows are passed over: {remarks} seen"
    if layout.remark is not None:
        told["remark"] = f"{_shown(found.dialect.remark)} given"
    if found.dialect.has_rules:
        told["rules"] = "lines that are drawn between rows are passed over"
    if found.names_rows:
        told["row_names"] = "found: each row begins with a name of its own, the header has none"
    return told


def _shown(mark: bytes | None) -> str:
    return "none" if mark is None else repr(mark.decode())
