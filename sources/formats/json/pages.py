"""Pages of a list that are kept in an array: `[{"results": [{…}], "requestId": "x"}, {…}]`.

So Google Ads answers, and so programs keep what they fetched page by page. Orders with a list of
`items` each look alike. So an array is one of pages only where all of its objects that are seen
hold one list of objects, which is called as rows are, and nothing else but single values whose
names tell of a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.formats.json.beside import NAMES_OF_ROWS
from sources.formats.json.item import parse_item
from sources.formats.json.remarks import BETWEEN

# Written in small letters, without what parts words.
NAMES_OF_PAGES = frozenset(
    [
        "count",
        "cursor",
        "done",
        "fieldmask",
        "hasmore",
        "hasnext",
        "itemsperpage",
        "limit",
        "next",
        "nextcursor",
        "nextlink",
        "nextpage",
        "nextpagetoken",
        "nextrecordsurl",
        "offset",
        "page",
        "pagecount",
        "pagenumber",
        "pages",
        "pagesize",
        "perpage",
        "prev",
        "previous",
        "queryresourceconsumption",
        "requestid",
        "startindex",
        "totalcount",
        "totalpages",
        "totalresults",
        "totalsize",
    ]
)
TEXT = r'"(?:[^"\\]++|\\.)*+"'
GAP = re.compile(BETWEEN)
FIRST_LIST = re.compile(
    rf"\{{{BETWEEN}(?P<before>(?:{TEXT}\s*+:\s*+(?:{TEXT}|[-+.\w]++)\s*+,\s*+)*+)"
    rf"(?P<name>{TEXT})\s*+:\s*+\[\s*+(?=\{{)",
    re.DOTALL,
)
FIRST_NAME = re.compile(rf"\{{{BETWEEN}({TEXT})\s*+:")
BEHIND_PAGE = re.compile(rf"{BETWEEN},?+{BETWEEN}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The `name` of the lists, the place behind the bracket of the first, and where one begins.

    `next_page` ends where an object begins like the first one, directly behind another one.
    """

    name: str
    place: int
    next_page: re.Pattern[bytes]


def pages_in(beginning: bytes, wanted: frozenset[str]) -> Pages | None:
    """Return what an array has for pages, whose text behind its bracket begins so, if it has any.

    Objects are no pages where their own names are wanted, and none of those in the first list.
    """
    letters = str(beginning, "latin-1")
    begin = GAP.match(letters).end()  # type: ignore[union-attr]
    first = FIRST_LIST.match(letters, begin)
    if first is None:
        return None
    name, before = _text(first["name"]), _object(f"{{{first['before'].rstrip(', ')}}}")
    if name.lower() not in NAMES_OF_ROWS or before is None or not _are_of_page(before):
        return None
    inner = _object(letters[first.end() : parse_item(letters, first.end()).end]) or {}
    heads = {each.partition(".")[0] for each in wanted}
    is_wanted = not heads.isdisjoint({name, *before}) and heads.isdisjoint(inner)
    if is_wanted or not _are_pages(letters, begin, name):
        return None
    opening = FIRST_NAME.match(letters, begin)[1]  # type: ignore[index]
    sign = re.escape(opening.encode("latin-1"))
    return Pages(
        name=name,
        place=first.end(),
        next_page=re.compile(rb"\}[\s,]*+(?=\{\s*" + sign + rb"\s*:)"),
    )


def _are_pages(letters: str, begin: int, name: str) -> bool:
    """Tell whether all objects are pages, as far as they are whole."""
    at = begin
    while letters[at : at + 1] == "{":
        item = parse_item(letters, at)
        if item.failure is not None:
            return item.is_cut or at > begin
        page = _object(letters[at : item.end]) or {}
        items = page.pop(name, None)
        are_objects = isinstance(items, list) and all(isinstance(each, dict) for each in items)
        if not are_objects or not _are_of_page(page):
            return False
        at = BEHIND_PAGE.match(letters, item.end).end()  # type: ignore[union-attr]
    return letters[at : at + 1] in {"", "]"}


def _are_of_page(page: Mapping[str, Any]) -> bool:
    """Tell whether nothing but single values are in an object, whose names tell of a page."""
    names = {"".join(filter(str.isalnum, name.rpartition(".")[2])).lower() for name in page}
    are_single = not any(isinstance(value, list | dict) for value in page.values())
    return are_single and names <= NAMES_OF_PAGES


def _object(letters: str) -> dict[str, Any] | None:
    try:
        value = json.loads(letters.encode("latin-1").decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(letters: str) -> str:
    return str(json.loads(letters.encode("latin-1").decode(errors="replace")))
