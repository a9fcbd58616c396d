"""Lists of records that stand in another list: pages of them, or one behind what tells of it.

`[[{"id": 1}], [{"id": 2}]]`, or `[{"page": 1, "pages": 7}, [{"id": 1}]]` of the World Bank.
Oracle's SQLcl writes `{"results": [{"columns": [{"name": "ID"}], "items": [{"id": 1}]}]}`, and
InfluxDB `{"results": [{"series": [{"columns": ["time"], "values": [["2026-01-01"]]}]}]}`.
"""

from __future__ import annotations

import io
import json
import re

from sources.formats.json.arrays import find_arrays
from sources.formats.json.beside import items_at
from sources.formats.json.item import DECODER, parse_item
from sources.formats.json.layout import Layout
from sources.formats.json.remarks import BETWEEN
from sources.formats.json.text import Text

GAP = re.compile(BETWEEN)
PAGE = re.compile(rf"{BETWEEN}\[{BETWEEN}")
BEHIND_FIRST = re.compile(rf"{BETWEEN},{BETWEEN}\[{BETWEEN}(?=\{{)")
RESULT = re.compile(rb'\s*+\{\s*+"results"\s*+:\s*+\[\s*+(?=\{\s*+"columns"\s*+:\s*+\[)')
ITEMS, BEHIND_ITEMS = "items", b"}]}"
SERIES = re.compile(
    rb'\s*+\{\s*+"results"\s*+:\s*+\[\s*+\{(?:\s*+"statement_id"\s*+:\s*+[0-9]++\s*+,)?+'
    rb'\s*+"series"\s*+:\s*+\[\s*+(?=\{)'
)
NAMES_OF_SERIES, TAGS = re.compile(rb'"columns"\s*+:\s*+\['), re.compile(rb'"tags"\s*+:\s*+\{')
COLUMNS, VALUES, BEHIND_VALUES = "columns", "values", b"}]}]}"
VALUES_OF_SERIES = "results.series.values"
BEHIND_OBJECT = re.compile(rf"{BETWEEN},?+{BETWEEN}")
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


def series_in(text: Text, wanted: frozenset[str]) -> Layout | None:
    """Return how the values lie in the only series of InfluxDB, None if it is no such answer."""
    found = _values_of_series(text.sample)
    if found is None or (wanted and wanted.isdisjoint(found[1])):
        return None
    return Layout(
        where=VALUES_OF_SERIES,
        begin=text.position(found[0]),
        bracketed=True,
        names=found[1],
        are_beside=True,
        closing=BEHIND_VALUES,
    )


def _values_of_series(sample: bytes) -> tuple[int, tuple[str, ...]] | None:
    """Return what is behind the bracket of the values of the only series, and their names.

    None if there is none of InfluxDB in the sample, or several, or one with tags, which belong to
    its rows. Behind the end of the values stands `BEHIND_VALUES`.
    """
    found = SERIES.match(sample)
    if found is None or len(NAMES_OF_SERIES.findall(sample)) != 1:
        return None
    series = sample[found.end() :]
    arrays = {each.where: each for each in find_arrays(io.BytesIO(series).read, lambda: None)}
    if COLUMNS not in arrays or VALUES not in arrays or arrays[VALUES].opens_with != b"[":
        return None
    place = arrays[VALUES].begin.byte
    names = items_at(arrays[COLUMNS], series, 0) or ()
    are_names = all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
    if not names or not are_names or TAGS.search(series, 0, place):
        return None
    return found.end() + place, tuple(names)


def _are_unlike(letters: str, about: int, record: int) -> bool:
    """Tell whether what tells of the records has none of the names of the first one."""
    try:
        names = [set(DECODER.raw_decode(letters, begin)[0]) for begin in (about, record)]
    except (json.JSONDecodeError, RecursionError):
        return True
    return not names[0] & names[1]


def _end_of_objects(letters: str, begin: int) -> int:
    """Return where a list ends that holds nothing but objects, as far as it is seen, else 0.

    It is seen to the end of the text, or to the first one that is broken.
    """
    at = begin
    while letters[at : at + 1] == "{":
        item = parse_item(letters, at)
        if item.failure is not None:
            return len(letters) if item.is_cut or at > begin else 0
        at = BEHIND_OBJECT.match(letters, item.end).end()  # type: ignore[union-attr]
        if letters[at : at + 1] == "]":
            return at + 1
    return len(letters) if at == len(letters) else 0
