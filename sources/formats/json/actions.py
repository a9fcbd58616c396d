"""Documents for a search engine, each behind a line with what to do with it, as bulk loads have it.

`{"index": {"_id": "1"}}`, and on the next line `{"name": "Jana"}`, are one record. To delete needs
no document.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ACTION = (
    rb'\s*+\{\s*+"(?:index|create|update|(delete))"\s*+:\s*+'
    rb'\{\s*+((?:"_(?:[^"\\{}]|\\.)*+"\s*+:[^{}]*+)?)\}\s*+\}\s*+'
)
ACTION = re.compile(_ACTION)
LINES_TRIED = 10
TOLD = "documents, each with what the line before it tells of it"


def are_documents(sample: bytes) -> bool:
    """Tell whether the first line is an action, and a document is on a line behind such a one."""
    lines = sample.split(b"\n", LINES_TRIED)[:LINES_TRIED]
    if not ACTION.fullmatch(lines[0]):
        return False
    return any(
        ACTION.fullmatch(line) and behind.strip() and not ACTION.fullmatch(behind)
        for line, behind in pairwise(lines)
    )


def with_action(line: bytes, document: bytes) -> bytes | None:
    """Return the document with what the line before it tells of it.

    None if that line is no action, or the other one no document.
    """
    action, document = ACTION.fullmatch(line), document.strip()
    if action is None or ACTION.fullmatch(document) or not document.startswith(b"{"):
        return None
    told, rest = action[2].strip(), document[1:].lstrip()
    comma = b"," if told and not rest.startswith(b"}") else b""
    return b"{" + told + comma + rest


def needs_document(line: bytes, document: bytes) -> bool:
    """Tell whether the line is an action without the document that it needs."""
    action = ACTION.fullmatch(line)
    return action is not None and action[1] is None and not document.strip()
