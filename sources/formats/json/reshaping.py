"""Answers of services whose rows are put together from several places, turned into lines of these.

- Lists by key, `{"2026-01-01": [{…}], "2026-01-02": [{…}]}`, as Matomo answers.
- `values` of series, named by their `columns`, as InfluxDB has them in `results`.
- A table in a list (`tables`).
- The headers of Google Analytics, and the columns of SQLcl, without a row.

They are taken for such only where all of the document is. It must be in memory for that. An answer
without a row has none, rather than those that its headers or empty lists would be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from definitions.errors import FormatError
from sources.columns import unique_names
from sources.formats.json.record import EXACT, verbatim
from sources.formats.json.remarks import BEHIND
from sources.formats.json.tables import MARKS as MARKS_OF_TABLES
from sources.formats.json.tables import rows_of_table
from sources.formats.json.turning import LONGEST, Turned

KEY = "key"
MARKS = re.compile(
    rb'\s*+\{(?:\s*+"[0-9][^"\\]*+"\s*+:\s*+\['
    rb'|\s*+"results"\s*+:\s*+\[\s*+\{(?:.{0,1000}?"(?:series|statement_id)"'
    rb'|\s*+"columns"\s*+:\s*+\[[^\[\]]*+\]\s*+,\s*+"items"\s*+:\s*+\[\s*+\])'
    rb'|.{0,10000}?"(?:dimension|metric)Headers"\s*+:\s*+\[' + MARKS_OF_TABLES + rb")",
    re.DOTALL,
)
LIST_BY_KEY = re.compile(rb'"[0-9][^\s"\\]{0,40}"\s*+:\s*+\[\s*+[\]{]')
LISTS_BY_KEY = re.compile(rb"\s*+\{\s*+(?:%b)" % LIST_BY_KEY.pattern)
BY_KEY = re.compile(r"[0-9][^\s\"]{0,40}")
HEADERS = ("dimensionHeaders", "metricHeaders")
IN_SERIES = re.compile(
    rb'\s*+\{\s*+"results"\s*+:\s*+\[\s*+\{[^{}\[\]]*?"series"\s*+:\s*+\[\s*+\{[^{}\[\]]*?'
    rb'(?:"tags"\s*+:\s*+\{|"columns"\s*+:\s*+\[(?=.*?"columns"\s*+:\s*+\[))',
    re.DOTALL,
)
STATEMENT = "statement_id"
LISTS, SERIES = "lists by key", "series"
NO_ROWS = "none: the answer has no rows"
LINES = "; their lines are their numbers"

_Row = Mapping[str, Any]


def may_be_reshaped(beginning: bytes) -> bool:
    """Tell whether the text with this beginning is worth reading as a whole."""
    return MARKS.match(beginning) is not None


def reshaped(text: bytes, wanted: frozenset[str]) -> Turned | None:
    """Return the rows of a text, None if it is none of these or its rows have no wanted name."""
    document = _document(text)
    told, rows = next(_shapes(document), ("", ()))
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    meant = wanted.intersection(names) if rows else not wanted.intersection(document)
    if not told or (wanted and not meant):
        return None
    option = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_SUBCLASS
    try:
        lines = b"".join(orjson.dumps(row, verbatim, option) for row in rows)
    except orjson.JSONEncodeError:
        return None
    evidence = {"layout": "pieces", "records_are": told + LINES if rows else NO_ROWS}
    return Turned(lines=lines, names=names, path=(), told=evidence)


def refuse_pieces(text: bytes, file: str) -> None:
    """Raise `FormatError` for lists by key, or for series, of which but one would be read.

    They are if they are too long to be in `text` as a whole, or not all that it is.
    """
    held = LISTS if LISTS_BY_KEY.match(text) else SERIES if IN_SERIES.match(text) else ""
    if not held:
        return
    document = _document(text)
    if len(text) > LONGEST:
        why = f"in more than {LONGEST} bytes; ask for fewer at once"
    elif held == LISTS and len(LIST_BY_KEY.findall(text)) == 1:
        return
    elif not document:
        why = "and is broken; repair it"
    elif held == LISTS and _rows_by_key(document) is None:
        why = "and something else; repair it"
    else:
        return
    msg = f"{file!r} holds its rows in {held}, {why}, or name a list in `source.format.records`"
    raise FormatError(msg)


def _document(text: bytes) -> _Row:
    """Return the object that a text is; one with nothing in it for any other text."""
    try:
        letters = text.decode() if len(text) <= LONGEST else ""
        document, end = EXACT.raw_decode(letters, len(letters) - len(letters.lstrip()))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return {}
    is_all = isinstance(document, dict) and BEHIND.fullmatch(letters, end)
    return document if is_all else {}


def _shapes(document: _Row) -> Iterator[tuple[str, Sequence[_Row]]]:
    """Yield what the rows are, and the rows, of the one shape that fits."""
    by_key = _rows_by_key(document)
    if by_key is not None:
        key, rows = by_key
        yield f"in lists by key; the key is in the column {key!r}", rows
    if _is_without_rows(document):
        yield NO_ROWS, ()
    series = _rows_of_series(document)
    if series is not None:
        yield "the values of series, named by columns", series
    table = rows_of_table(document)
    if table is not None:
        yield "the rows of a table in a list of the answer", table


def _rows_by_key(document: _Row) -> tuple[str, Sequence[_Row]] | None:
    if not document or not all(
        BY_KEY.fullmatch(key) and _are_objects(each) for key, each in document.items()
    ):
        return None
    names = {name for items in document.values() for item in items for name in item}
    key = unique_names([*sorted(names), KEY])[-1]
    return key, [{key: at} | item for at, items in document.items() for item in items]


def _is_without_rows(document: _Row) -> bool:
    """Tell whether a document holds what columns are, as its own, and no row."""
    headers = [document[name] for name in HEADERS if name in document]
    if headers and all(map(_are_objects, headers)):
        return not document.get("rows", ())
    results = document.get("results")
    if len(document) > 1 or not _are_objects(results) or not results:
        return False
    return all(result.keys() == {"columns", "items"} and not result["items"] for result in results)


def _rows_of_series(document: _Row) -> Sequence[_Row] | None:
    results = document.get("results")
    if not isinstance(results, list) or len(document) > 1 or not _are_objects(results):
        return None
    found = [result.get("series", ()) for result in results if result.keys() != {STATEMENT}]
    if not all(map(_are_objects, found)):
        return None
    series = [each for several in found for each in several]
    if not all(map(_is_series, series)):
        return None
    kinds = {(each.get("name", ""), *each.get("tags", {})) for each in series}
    return _joined(series) if len(kinds) == 1 else () if results and not series else None


def _joined(series: Sequence[_Row]) -> Sequence[_Row] | None:
    """Return the rows of series, with their tags; None if these are told like columns."""
    columns, tags = series[0]["columns"], set(series[0].get("tags", {}))
    if tags.intersection(columns) or any(each["columns"] != columns for each in series):
        return None
    return [
        each.get("tags", {}) | dict(zip(columns, row, strict=True))
        for each in series
        for row in each["values"]
    ]


def _is_series(series: _Row) -> bool:
    columns, values = series.get("columns"), series.get("values")
    if not isinstance(columns, list) or not isinstance(values, list):
        return False
    are_names = all(isinstance(name, str) for name in columns) and len(set(columns)) == len(columns)
    are_rows = all(isinstance(row, list) and len(row) == len(columns) for row in values)
    is_told = isinstance(series.get("tags", {}), dict) and isinstance(series.get("name", ""), str)
    return are_names and are_rows and is_told


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
