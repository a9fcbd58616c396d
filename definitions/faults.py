"""Faults: cells and rows that could not be used, as values that every report shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST_FAULTS = 10_000  # of one run that are stored, the first in file order; all are counted
SHOWN_BYTES = 200  # of the raw text of a row, in UTF-8


class FaultCode(StrEnum):
    """Why a cell or a row could not be used; stable, machine-readable."""

    # rows, found by a format: the row is rejected
    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    STRAY_QUOTE = "stray_quote"  # text after a closing quote
    UNCLOSED_QUOTE = "unclosed_quote"
    BAD_ENCODING = "bad_encoding"
    ROW_TOO_LONG = "row_too_long"
    REPEATED_HEADER = "repeated_header"  # of another file that was put behind the first
    BROKEN_RECORD = "broken_record"  # not written by the rules of JSON or XML
    NOT_AN_OBJECT = "not_an_object"  # a JSON value without names for its cells
    FILE_CUT = "file_cut"  # the file ends in the middle of a record or of the list of records
    # cells, found by a format: the cell is left empty
    ERROR_CELL = "error_cell"  # a workbook's #N/A, #REF! and their like; a formula without value
    # cells, found by the mapping: the cell is left out, or the row rejected when it is a key
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"  # two readings, and nothing tells which is meant
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_A_DATE = "not_a_date"
    NOT_A_DATETIME = "not_a_datetime"
    NOT_A_TIMESTAMP = "not_a_timestamp"
    AMBIGUOUS_DATE = "ambiguous_date"  # two readings, and nothing tells which is meant
    NOT_A_LIST = "not_a_list"
    NOT_JSON = "not_json"
    NOT_A_URL = "not_a_url"
    NUL_CHARACTER = "nul_character"
    KEY_TOO_LONG = "key_too_long"  # an id, item id or event type: the row is rejected
    MISSING_KEY = "missing_key"  # no id, item id or event type in the row: the row is rejected


OF_ROWS = frozenset(
    {
        FaultCode.TOO_FEW_FIELDS,
        FaultCode.TOO_MANY_FIELDS,
        FaultCode.STRAY_QUOTE,
        FaultCode.UNCLOSED_QUOTE,
        FaultCode.BAD_ENCODING,
        FaultCode.ROW_TOO_LONG,
        FaultCode.REPEATED_HEADER,
        FaultCode.BROKEN_RECORD,
        FaultCode.NOT_AN_OBJECT,
        FaultCode.FILE_CUT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One cell or row that could not be used.

    `row` is the 1-based data row (header not counted), `line` the 1-based physical line on which
    the row starts. `column` is None when the whole row is meant. `value` is the raw text: of a
    row cut at 200 bytes of UTF-8, of a cell at 200 characters. `rejects_row` tells whether the row
    was left out.
    """

    file: str
    row: int
    line: int
    column: str | None
    value: str | None
    code: FaultCode
    message: str
    rejects_row: bool


def shown_row(data: bytes) -> str:
    """Return the beginning of a row as its fault shows it, without its line end."""
    return cut(data[: SHOWN_BYTES + 2].decode(errors="replace").rstrip("\r\n"))


def cut(text: str) -> str:
    """Return as much of the beginning of `text` as `SHOWN_BYTES` bytes hold in whole characters."""
    return text[:SHOWN_BYTES].encode(errors="replace")[:SHOWN_BYTES].decode(errors="ignore")
