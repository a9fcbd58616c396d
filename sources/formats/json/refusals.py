"""Refusing what is no JSON, or JSON that tells of an error, with what it looks like."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from definitions.errors import FormatError
from sources.beginnings import EVENTS
from sources.formats.json.aside import ERROR_NAMES
from sources.formats.json.layout import SEQUENCE_MARK
from sources.formats.json.quoted import may_be_quoted
from sources.gathering import SHOWN_CHARACTERS, shown

MESSAGE_NAMES = frozenset({"message", "detail", "title"})
STATUS_NAMES = frozenset({"status", "code", "statuscode", "status_code"})


def refuse_other_text(start: bytes, name: str) -> None:
    """Raise `FormatError` unless a text that begins so can be JSON records."""
    if not start:
        msg = f"the file {name!r} is empty; it needs at least []"
        raise FormatError(msg)
    if start.startswith(b"<"):
        kind = "an HTML page" if b"<html" in start[:2000].lower() else "XML or HTML"
        msg = f"the file {name!r} looks like {kind}, not JSON; it begins with {shown(start)[:60]!r}"
        raise FormatError(msg)
    is_known = (
        start[:1] in {b"[", b"{", SEQUENCE_MARK}
        or start.startswith(b"null")
        or may_be_quoted(start)
    )
    if not (is_known or EVENTS.match(start)):
        msg = f"the file {name!r} is no JSON records; it begins with {shown(start)[:60]!r}"
        raise FormatError(msg)


def refuse_error_answer(
    file: str, text: bytes, names: Collection[str], wanted: frozenset[str]
) -> None:
    """Raise `FormatError` if the only object in the text, with these names, tells of an error.

    One that is empty, false or 0 tells of none: `{"error": [], "result": {…}}`.
    """
    if wanted.intersection(names):
        return
    words = {name.lower().partition(".")[0] for name in names} - _empty_names(text)
    if words & ERROR_NAMES or (words & MESSAGE_NAMES and words & STATUS_NAMES):
        told: Any = shown(text)[:SHOWN_CHARACTERS]
        msg = f"the file {file!r} looks like an error answer, not like data: {told}"
        raise FormatError(msg)


def _empty_names(text: bytes) -> set[str]:
    """Return the names in an object that have an empty value, `false` or 0; none of broken ones."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return set()
    cells = value.items() if isinstance(value, dict) else ()
    return {name.lower() for name, cell in cells if not cell}
