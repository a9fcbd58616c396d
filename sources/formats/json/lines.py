"""Telling a text of which each line is a record from one object, or several without line ends."""

from __future__ import annotations

from sources.formats.json.item import parse_item
from sources.formats.json.ranking import names_in

LINES_TRIED = 10


def is_by_line(sample: bytes, *, complete: bool) -> bool:
    """Tell whether each line is an object: the first one is, or half of the first ones are."""
    lines = sample.split(b"\n", 4 * LINES_TRIED)
    whole = lines if complete and len(lines) <= 4 * LINES_TRIED else lines[:-1]
    tried = [line for line in whole if line.strip()][:LINES_TRIED]
    good = [_is_record(line) for line in tried]
    several = sum(map(bool, map(bytes.strip, lines))) > 1
    is_likely = bool(good) and several and (good[0] or 2 * sum(good) >= len(good))
    return is_likely and not any(map(_holds_several, tried))


def _holds_several(line: bytes) -> bool:
    """Tell whether objects stand one directly behind the other on a line."""
    letters = str(line.strip(), "latin-1")
    item = parse_item(letters, 0) if letters.startswith("{") else None
    return item is not None and item.failure is None and letters[item.end :].lstrip()[:1] == "{"


def _is_record(line: bytes) -> bool:
    return names_in(line) is not None
