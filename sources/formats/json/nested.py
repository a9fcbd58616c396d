"""Lists of records that stand in another list: pages of them, or one behind what tells of it.

`[[{"id": 1}], [{"id": 2}]]`, or `[{"page": 1, "pages": 7}, [{"id": 1}]]` of the World Bank.
Oracle's SQLcl writes `{"results": [{"columns": [{"name": "ID"}], "items": [{"id": 1}]}]}`.
"""

from __future__ import annotations

import io
import json
import re

from sources.formats.json.arrays import find_arrays
from sources.formats.json.item import CUT_WORD, DECODER, parse_item
from sources.formats.json.remarks import BETWEEN

GAP = re.compile(BETWEEN)
PAGE = re.compile(rf"{BETWEEN}\[{BETWEEN}")
BEHIND_FIRST = re.compile(rf"{BETWEEN},{BETWEEN}\[{BETWEEN}(?=\{{)")
RESULT = re.compile(rb'\s*+\{\s*+"results"\s*+:\s*+\[\s*+(?=\{\s*+"columns"\s*+:\s*+\[)')
ITEMS, BEHIND_ITEMS = "items", b"}]}"
AT_END = re.compile(rf"{BETWEEN}(?:\]|\Z)")


def inner_list(beginning: bytes) -> int | None:
    """Return what is behind the bracket of the list of records inside of a list.

    `beginning` is the text of the outer list, behind its bracket. None if its own items are
    records.
    """
    letters = str(beginning, "latin-1")
    page = PAGE.match(letters)
    if page is not None:
        return page.end() if _end_of_objects(letters, page.end()) else None
    start = GAP.match(letters).end()  # type: ignore[union-attr]
    if letters[start : start + 1] != "{":
        return None
    first = parse_item(letters, start)
    behind = BEHIND_FIRST.match(letters, first.end) if first.failure is None else None
    if behind is None:
        return None
    end = _end_of_objects(letters, behind.end())
    is_last = end and AT_END.match(letters, end)
    return behind.end() if is_last and _are_unlike(letters, start, behind.end()) else None


def items_of_result(sample: bytes) -> int | None:
    """Return what is behind the bracket of the items in the first result of SQLcl, if it is that.

    Behind their end stands `BEHIND_ITEMS`.
    """
    found = RESULT.match(sample)
    arrays = find_arrays(io.BytesIO(sample[found.end() :]).read, lambda: None) if found else ()
    array = next((each for each in arrays if each.where == ITEMS), None)
    is_filled = found is not None and array is not None and array.opens_with == b"{"
    return found.end() + array.begin.byte if is_filled else None  # type: ignore[union-attr]


def _are_unlike(letters: str, about: int, record: int) -> bool:
    """Tell whether what tells of the records has none of the names of the first one."""
    try:
        names = [set(DECODER.raw_decode(letters, begin)[0]) for begin in (about, record)]
    except (json.JSONDecodeError, RecursionError):
        return True
    return not names[0] & names[1]


def _end_of_objects(letters: str, begin: int) -> int:
    """Return where a list ends that holds nothing but objects, as far as it is seen, else 0."""
    if letters[begin : begin + 1] != "{":
        return 0
    bracket = letters.rindex("[", 0, begin)
    try:
        items, end = DECODER.raw_decode(letters, bracket)
    except json.JSONDecodeError as exc:
        is_cut = exc.msg.startswith("Unterminated") or CUT_WORD.fullmatch(letters, exc.pos)
        return len(letters) if is_cut else 0
    except RecursionError:
        return 0
    return end if all(isinstance(item, dict) for item in items) else 0
