"""How files are written, as a definition says it: `source.format`, an extension of the contract.

Whatever is absent, or null, is found out from the file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from definitions.encodings import is_of_files
from definitions.model import MalformedRows, RecordEnd
from definitions.schema.fields import Items, StrictSchema, Text, Whole
from definitions.schema.rules import at_most, between, checked_by, length, one_of
from definitions.shown import shown

FORMAT_TOLD = {"description": "How files are written. An extension; absent: found out."}
LONGEST_DELIMITER = 10
LONGEST_REMARK = 10
_MAX_COLUMNS = 10_000
_MAX_COLUMN = 65_535
_MAX_NULL_VALUES = 100
_MAX_HEADER = 100
_MAX_SKIPPED = 1_000_000
_MAX_FOOTER = 10_000
_MAX_WORD = 1_000


def encoding_problem(name: str) -> str | None:
    """Return why a text cannot be read in an encoding of that name."""
    if is_of_files(name):
        return None
    say = "must be an encoding that Python knows and that files are written in"
    return f"{say}, such as 'utf-8' or 'cp1250', not {shown(name)}"


def mark_problem(mark: str) -> str | None:
    """Return why a character cannot be a quote or an escape."""
    if not mark or (mark.isascii() and mark not in "\r\n"):
        return None
    return f"must be one ASCII character other than a line end, or empty, not {shown(mark)}"


def delimiter_problem(mark: str) -> str | None:
    """Return why a text cannot part the fields of a record."""
    return "must not contain a line end" if set(mark) & set("\r\n") else None


def remark_problem(mark: str) -> str | None:
    """Return why a text cannot be what remarks begin with."""
    return "must not contain a line end" if set(mark) & set("\r\n") else None


def null_value_problem(text: str) -> str | None:
    """Return why a text cannot stand for no value."""
    return None if text.strip() else "must not be white space alone"


class FormatSchema(StrictSchema):
    """How files are written."""

    type = Text(
        allow_none=True,
        validate=length(1, _MAX_WORD),
        metadata={
            "description": "`csv`, `json`, `xml`, `xlsx`, `parquet` or one that a plug-in brings.",
            "example": "csv",
        },
    )
    encoding = Text(
        allow_none=True,
        validate=[*length(1, _MAX_WORD), checked_by(encoding_problem)],
        metadata={"description": "Any that Python knows.", "example": "cp1250"},
    )
    delimiter = Text(
        allow_none=True,
        validate=[*length(1, LONGEST_DELIMITER), checked_by(delimiter_problem)],
        metadata={"description": "One or more characters between fields.", "example": ";"},
    )
    quote = Text(
        allow_none=True,
        validate=[*length(0, 1), checked_by(mark_problem)],
        metadata={"description": "Around fields; empty: there are none.", "example": "'"},
    )
    escape = Text(
        allow_none=True,
        validate=[*length(0, 1), checked_by(mark_problem)],
        metadata={
            "description": "Before a quote inside a quoted field; the quote itself: it is doubled; "
            "empty: quotes inside are not marked.",
            "example": "\\",
        },
    )
    record_end = Text(allow_none=True, validate=one_of(RecordEnd), metadata={"example": "crlf"})
    remark = Text(
        allow_none=True,
        validate=[*length(0, LONGEST_REMARK), checked_by(remark_problem)],
        metadata={
            "description": "A line that begins so is no row, whatever is on it; empty: there are "
            "no such lines.",
            "example": "#",
        },
    )
    header_rows = Whole(
        allow_none=True,
        validate=between(0, _MAX_HEADER),
        metadata={"description": "0: no header; of several, names are joined.", "example": 1},
    )
    skip_rows = Whole(
        allow_none=True,
        validate=between(0, _MAX_SKIPPED),
        metadata={"description": "Rows before the header that are no data.", "example": 2},
    )
    footer_rows = Whole(
        allow_none=True,
        validate=between(0, _MAX_FOOTER),
        metadata={"description": "Rows at the end that are no data.", "example": 1},
    )
    column_names = Items(
        Text(validate=length(1, _MAX_COLUMN)),
        allow_none=True,
        validate=at_most(_MAX_COLUMNS),
        metadata={"description": "Instead of those in the file.", "example": ["mail", "city"]},
    )
    null_values = Items(
        Text(validate=[*length(1, _MAX_WORD), checked_by(null_value_problem)]),
        allow_none=True,
        validate=at_most(_MAX_NULL_VALUES),
        metadata={
            "description": "A cell that holds nothing but one of these is empty.",
            "example": ["NULL", "\\N"],
        },
    )
    malformed_rows = Text(
        allow_none=True,
        validate=one_of(MalformedRows),
        metadata={
            "description": "A row that does not fit is left out and reported (`reject`), read as "
            "well as can be and reported (`pad`), or ends the run (`fail`).",
            "example": "reject",
        },
    )
    member = Text(
        allow_none=True,
        validate=length(1, _MAX_WORD),
        metadata={"description": "Pattern of a file's name in an archive.", "example": "*.csv"},
    )
    records = Text(
        allow_none=True,
        validate=length(1, _MAX_WORD),
        metadata={
            "description": "Where the records are: the path of an array in JSON (`data.items`), "
            "the name of an element in XML (`item`).",
            "example": "data.items",
        },
    )
    sheet = Text(
        allow_none=True,
        validate=length(1, _MAX_WORD),
        metadata={"description": "Name of a workbook's sheet; else the first.", "example": "2026"},
    )

    @validates_schema
    def _check_marks(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse a delimiter that cannot be told from a quote or an escape."""
        for name in ("quote", "escape"):
            mark = data.get(name)
            if mark and mark in (data.get("delimiter") or ""):
                msg = f"must not be in the delimiter {shown(data['delimiter'])}"
                raise ValidationError({name: [msg]})

    @validates_schema
    def _check_remark(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse a remark that begins as a row may."""
        for name in ("delimiter", "quote"):
            mark = data.get(name)
            if mark and (data.get("remark") or "").startswith(mark):
                msg = f"must not begin with the {name} {shown(mark)}"
                raise ValidationError({"remark": [msg]})
