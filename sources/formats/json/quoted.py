r"""JSON that was written as a text of JSON once more, as by APIs and queues: `"[{\"id\": 1}]"`.

All of it may be one text, or each record: `["{\"id\": 1}", …]`, or each line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from definitions.faults import FaultCode
from sources.formats.json.record import NotARecordError, read_record, read_value_of
from sources.gathering import Problem

LONGEST = 8 << 20  # bytes of a text that is unpacked as a whole
GAP = rb"(?:\s|\\[nrt])*+"
BEGINNING = re.compile(rb'\s*+"%b(?:\[%b)?\{%b\\"' % (GAP, GAP, GAP))
NOT_A_TEXT = Problem(
    code=FaultCode.NOT_AN_OBJECT, message="is no text with JSON in it, as the records before it are"
)


def may_be_quoted(beginning: bytes) -> bool:
    """Tell whether a text that begins so may be one text with JSON in it."""
    return BEGINNING.match(beginning) is not None


def unquoted(text: bytes) -> bytes | None:
    """Return the JSON in a text of JSON, None if there is none, or too much."""
    if len(text) > LONGEST:
        return None
    try:
        value = json.loads(text)
        return value.encode() if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None


def are_quoted_records(items: Sequence[object]) -> bool:
    """Tell whether the items of a list are texts with an object in each."""
    texts = [item for item in items if isinstance(item, str) and item.lstrip().startswith("{")]
    return bool(items) and len(texts) == len(items) and all(map(_is_record, texts))


def read_quoted(text: bytes) -> dict[str, Any]:
    """Return the cells of a record that is in a text; raise `NotARecordError`."""
    value = read_value_of(text)
    if not isinstance(value, str):
        raise NotARecordError(NOT_A_TEXT)
    return read_record(value.encode())


def _is_record(text: str) -> bool:
    try:
        return bool(read_record(text.encode()))
    except (NotARecordError, UnicodeEncodeError):
        return False
