"""Finding out how the records lie in a JSON text, and telling what it is if there are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from io import BytesIO

from definitions.batches import Position
from definitions.errors import FormatError
from sources.base import ReadTerms
from sources.beginnings import EVENTS
from sources.columns import unique_names
from sources.formats.json.actions import are_documents
from sources.formats.json.arrays import FoundArray, find_arrays
from sources.formats.json.beside import (
    MOST_LISTS,
    are_called_rows,
    are_of_sheet,
    names_beside,
)
from sources.formats.json.endless import are_apart
from sources.formats.json.layout import (
    LINE_END,
    SEQUENCE_MARK,
    Layout,
    member_beginning,
    page_beginning,
    record_beginning,
)
from sources.formats.json.lines import is_by_line
from sources.formats.json.members import Members, find_members
from sources.formats.json.nested import (
    BEHIND_ITEMS,
    inner_list,
    items_of_result,
    series_in,
)
from sources.formats.json.pages import pages_in
from sources.formats.json.quoted import may_be_quoted
from sources.formats.json.ranking import best_array, empty_rows, names_in
from sources.formats.json.refusals import refuse_error_answer, refuse_other_text
from sources.formats.json.rows import named_beside, rows_by_line, rows_in, values_in
from sources.formats.json.text import Text
from sources.formats.json.wrapped import MAY_BE_WRAPPED, wrapped_rows

MOST_LISTED = 10
ROWS_OF_DUMP, RESULT_ITEMS = "data", "results.items"
PAGE_OF_TABLE = re.compile(rb'"(?:recordsTotal|iTotalRecords)"\s*+:')  # rows of a table shown
WHOLE_TEXT = "$"  # is a record, or each object of several
PASSED_OVER = b" \t\r\n" + SEQUENCE_MARK


def find_layout(text: Text, terms: ReadTerms) -> Layout:
    """Return how the records lie in the text; raise `FormatError` if there cannot be any."""
    start = text.sample.lstrip()
    refuse_other_text(start, text.name)
    named = terms.layout.records or (ROWS_OF_DUMP if text.is_dump else None)
    if named:
        return _object(text) if named == WHOLE_TEXT else _array_at(named, text, terms)
    if start.startswith(b"["):
        begin = text.position(len(text.sample) - len(start) + 1)
        array = FoundArray(path=(), begin=begin, opens_with=b"")
        return (
            rows_by_line(text.sample, text.begin)
            or _list_inside(text, begin)
            or _lists_of_pages(text, begin, terms)
            or _array(text, array)
        )
    are_events = EVENTS.match(start) is not None
    if are_events or start.startswith(SEQUENCE_MARK):
        mark = LINE_END if are_events else SEQUENCE_MARK
        return Layout(where="", begin=text.begin, parted_by=mark, are_events=are_events)
    if may_be_quoted(start):
        return Layout(where="", begin=text.begin, parted_by=LINE_END, are_quoted=True)
    if is_by_line(text.sample, complete=text.complete):
        page = _array_in_pages(text, terms)
        are = are_documents(start)
        by_line = Layout(where="", begin=text.begin, parted_by=LINE_END, are_documents=are)
        return by_line if page is None else _array(text, page)
    return _inside_object(text, terms)


def _inside_object(text: Text, terms: ReadTerms) -> Layout:
    """Return how the records lie in an object, or in what follows it; it may be one itself."""
    items = None if terms.wanted & {"columns", "items"} else _items_of_result(text)
    rows = items or series_in(text, terms.wanted)
    if rows is not None:
        return rows
    if MAY_BE_WRAPPED.search(text.sample):
        rows = wrapped_rows(_arrays_in_sample(text), text.sample, text.begin.byte)
        if rows is not None and not (terms.wanted and terms.wanted.isdisjoint(rows.names)):
            return _with_beginning(rows, text)
    by_key = None if text.complete or _has_list(text) else _members(text, terms, None)
    found = _array_of_records(text, terms) if by_key is None else None
    by_key = by_key or _members(text, terms, found)
    if by_key is not None:
        return by_key
    if found is not None:
        arrays = [each for each in _arrays_in_sample(text) if each.opens_with == b"{"]
        others = tuple(each.where for each in arrays if each.path != found.path)
        return replace(_array(text, found), others=others)
    names = names_in(text.sample) if text.complete else None
    refuse_error_answer(text.name, text.sample, names or set(), terms.wanted)
    return _object(text)


def _with_beginning(rows: Layout, text: Text) -> Layout:
    beginning = text.from_byte(rows.begin.byte, len(text.sample))
    return replace(rows, next_record=record_beginning(_letters(beginning)))


def _object(text: Text) -> Layout:
    """Return how objects lie of which each is a record, one behind the other or a single one."""
    beginning = "\n" + _letters(text.sample.lstrip())
    return Layout(where="", begin=text.begin, next_record=record_beginning(beginning))


def _array_at(records: str, text: Text, terms: ReadTerms) -> Layout:
    seen: list[str] = []
    for array in _arrays(text, terms):
        if array.where == records:
            return replace(_array(text, array), closing=b"]" if text.is_dump else b"")
        seen.append(array.where or "the top")
    items = _items_of_result(text) if records == RESULT_ITEMS else None
    if items is not None:
        return items
    listed = ", ".join(map(repr, seen[:MOST_LISTED])) or "none"
    members = find_members(text.sample, text.begin, records)
    if members is not None:
        return _by_key(text, members)
    msg = f"there is no array at {records!r} in {text.name!r}; arrays are at: {listed}"
    raise FormatError(msg)


def _arrays(text: Text, terms: ReadTerms) -> Iterator[FoundArray]:
    with closing(text.open_at(text.begin.byte)) as stream:
        yield from find_arrays(stream.read, terms.heartbeat, text.begin)


def _list_inside(text: Text, begin: Position) -> Layout | None:
    """Return how the records lie in a list that stands in the outermost one, None if in that."""
    start = begin.byte - text.begin.byte
    behind = inner_list(text.sample[start:])
    if behind is None:
        return None
    array = FoundArray(path=(), begin=text.position(start + behind), opens_with=b"{")
    return replace(_array(text, array), closing=b"]")


def _lists_of_pages(text: Text, begin: Position, terms: ReadTerms) -> Layout | None:
    """Return how the records lie in the lists of pages that an array holds, None if it does not."""
    start = begin.byte - text.begin.byte
    pages = pages_in(text.sample[start:], terms.wanted)
    if pages is None:
        return None
    place = text.position(start + pages.place)
    array = FoundArray(path=(pages.name,), begin=place, opens_with=b"{")
    return replace(_array(text, array), closing=b"]", next_page=pages.next_page)


def _items_of_result(text: Text) -> Layout | None:
    """Return how the items lie in the first result of SQLcl, None if it is no such answer."""
    place = items_of_result(text.sample)
    if place is None:
        return None
    array = FoundArray(path=(), begin=text.position(place), opens_with=b"{")
    return replace(_array(text, array), where=RESULT_ITEMS, closing=BEHIND_ITEMS)


def _array(text: Text, array: FoundArray) -> Layout:
    with closing(text.open_at(array.begin.byte)) as stream:
        beginning = stream.read(len(text.sample) or 1)
    if not beginning.strip():
        msg = f"the file {text.name!r} ends before its first record; fetch it again"
        raise FormatError(msg)
    rows = rows_in(beginning, array.begin)
    if rows is not None:
        arrays = _arrays_in_sample(text) if array.path else []
        rows = named_beside(rows, array, arrays, text.sample, text.begin.byte)
        if rows.is_named and not rows.are_beside and PAGE_OF_TABLE.search(text.sample):
            names = unique_names([""] * len(rows.names))
            rows = replace(rows, names=names, is_named=False, begin=array.begin)
        names_first = rows.is_named and not rows.are_beside
        of_sheet = names_first and are_of_sheet(array, text.sample, text.begin.byte)
        return replace(rows, where=array.where, depth=len(array.path), are_of_sheet=of_sheet)
    values = values_in(beginning, array.begin)
    if values is not None:
        return replace(values, where=array.where, depth=len(array.path))
    next_record = record_beginning(_letters(beginning))
    return Layout(
        where=array.where,
        begin=array.begin,
        bracketed=True,
        depth=len(array.path),
        next_record=next_record,
        are_apart=are_apart(beginning, next_record),
        next_page=page_beginning(_letters(text.sample.lstrip(PASSED_OVER))) if array.path else None,
    )


def _array_of_records(text: Text, terms: ReadTerms) -> FoundArray | None:
    """Return the array that holds the records of an object at the top; None if it is one itself.

    Names that are wanted tell, else what arrays look like (`ranking`).
    """
    seen = _arrays_in_sample(text)
    filled = [array for array in seen if array.opens_with == b"{"]
    own = (names_in(text.sample) if text.complete else None) or set()
    hits = len(own & terms.wanted)
    table = _table(text, seen)
    if table is not None and (table[1] or not filled):
        names_hit = len(set(table[1]) & terms.wanted)
        if names_hit >= max(hits, best_array(filled, text, terms)[1] if filled else 0):
            return table[0]
    if not text.complete:
        filled = filled or [array for array in _arrays(text, terms) if array.opens_with == b"{"][:1]
    if filled:
        best, score = best_array(filled, text, terms)
        if not score and (rows := empty_rows(seen, best, text)) is not None:
            return rows
        return best if score >= hits else None
    empty = [array for array in seen if array.opens_with == b"]"]
    return empty[0] if empty and terms.wanted and not hits else None


def _members(text: Text, terms: ReadTerms, array: FoundArray | None) -> Layout | None:
    """Return how records lie that stand by key in an object, None if there are none.

    An array of records that is not in one of them comes first, and the names that are wanted tell.
    """
    if array is not None and len(array.path) <= 1:  # in an object that holds something else
        return None
    found = find_members(text.sample, text.begin)
    if found is None or (array is not None and array.path[: len(found.path)] != found.path):
        return None
    own = (names_in(text.sample) if text.complete else None) or set()
    if len(own & terms.wanted) > len({*found.names, found.key} & terms.wanted):
        return None
    return _by_key(text, found)


def _by_key(text: Text, members: Members) -> Layout:
    beginning = text.from_byte(members.begin.byte, len(text.sample))
    return Layout(
        where=".".join(members.path),
        begin=members.begin,
        bracketed=True,
        depth=len(members.path),
        next_record=member_beginning(_letters(beginning)),
        key=members.key,
    )


def _table(text: Text, seen: Sequence[FoundArray]) -> tuple[FoundArray, tuple[str, ...]] | None:
    """Return the list of arrays whose names are in another list, and these.

    Else the one nearest to the top that is called as rows are, if the text is a single object.
    """
    sample, start = text.sample, text.begin.byte
    lists = [array for array in seen if array.opens_with == b"["]
    lists = sorted(lists, key=lambda array: len(array.path))[:MOST_LISTS]
    for array in lists:
        names = names_beside(array, seen, sample, start)
        if names:
            return array, names
    is_single = not text.complete or names_in(sample) is not None
    called = [array for array in lists if is_single and are_called_rows(array, sample, start)]
    return (called[0], ()) if called else None


def _array_in_pages(text: Text, terms: ReadTerms) -> FoundArray | None:
    """Return the array that holds the records where each line is an object around some of them.

    Only names that are wanted tell: that none is in the first object itself, but in the array.
    """
    own = names_in(text.sample.lstrip().partition(b"\n")[0]) or set()
    filled = [array for array in _arrays_in_sample(text) if array.opens_with == b"{"]
    if not filled or own & terms.wanted:
        return None
    best, score = best_array(filled, text, terms)
    return best if score else None


def _has_list(text: Text) -> bool:
    """Tell whether an array of objects is in the sample; else all of the file is looked at."""
    return any(array.opens_with == b"{" for array in _arrays_in_sample(text))


def _arrays_in_sample(text: Text) -> list[FoundArray]:
    return list(find_arrays(BytesIO(text.sample).read, lambda: None, text.begin))


def _letters(data: bytes) -> str:
    """Return a character per byte; what JSON is made of is ASCII."""
    return str(data, "latin-1")
