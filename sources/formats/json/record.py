"""Reading one record: a JSON object as cells of text, each exactly as it is written.

Objects inside are flattened: the city in `{"address": {"city": …}}` is the cell `address.city`.
Arrays, and objects nested deeper than `DEEPEST`, are JSON text in one cell. Of a name that occurs
twice in an object the last one counts, as with every JSON reader. Two names that only flattening
makes equal (`{"a.b": …, "a": {"b": …}}`) are told apart. null is an empty cell.

The fast parser rounds numbers (`1.10`, `1e400`, twenty digits). So a record that holds a number
which it would write in another way is read again by the exact one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, cast

import numpy as np
import orjson
import polars as pl

from definitions.arrays import Mask
from definitions.faults import FaultCode
from sources.columns import unique_names
from sources.gathering import NOT_TEXT, Cells, Problem

DEEPEST = 32
SURELY_WRITTEN = 250  # so many arrays and objects, one in the other or not
EXACT_KINDS = frozenset({str, int, bool, NoneType})
WORDS = {True: "true", False: "false"}
# A number that the fast parser would round or write in another way; in a string it costs time only.
ODD_NUMBER = re.compile(
    rb"[:,\[][ \n\r\t]*+-?+"
    rb"(?:(?<=-)0(?![.0-9])|[0-9.]{16}|0\.0000|[0-9]++(?:\.[0-9]++(?:[eE]|(?<=[0-9]0))|[eE]))"
)

# An escape: a pair of halves of a character, a half alone, or any other one.
ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)

NOT_AN_OBJECT = Problem(
    code=FaultCode.NOT_AN_OBJECT, message="is no JSON object; a row needs names for its cells"
)
NOT_AN_ARRAY = Problem(
    code=FaultCode.NOT_AN_OBJECT, message="is no JSON array, as the rows before it are"
)
NOT_A_VALUE = Problem(
    code=FaultCode.NOT_AN_OBJECT, message="is no single value, as the first ones in the list are"
)
HALF_CHARACTER = Problem(
    code=FaultCode.BAD_ENCODING, message="holds half of a character pair, which is no text"
)
TOO_DEEP = Problem(code=FaultCode.BROKEN_RECORD, message="is nested too deeply")


class ExactNumber(str):
    """A number as it is written."""

    __slots__ = ()


class NotARecordError(Exception):
    """The text is no JSON object; `problem` tells why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


# What is no number, as Python and others write it (`NaN`, `-Infinity`), is a word like any number.
EXACT = json.JSONDecoder(parse_float=ExactNumber, parse_int=ExactNumber, parse_constant=ExactNumber)


def read_record(text: bytes) -> dict[str, Any]:
    """Return the cells of one record, by name; raise `NotARecordError` if it is none.

    Values that are not text yet become so in `cells_of`, a column at a time.
    """
    value = _read(text)
    if type(value) is not dict:
        raise NotARecordError(NOT_AN_OBJECT)
    kinds = set(map(type, value.values()))
    if (not kinds <= EXACT_KINDS or b"-0" in text) and ODD_NUMBER.search(text):
        value = _read_exactly(text)
    if text.count(b"[") + text.count(b"{") > SURELY_WRITTEN:
        _check_depth(value)
    return _flat(value) if dict in kinds else value


def read_row(text: bytes, names: Sequence[str]) -> dict[str, Any]:
    """Return the cells of an array whose items have these names; raise `NotARecordError`."""
    return _named(read_cells(text), names)


def read_row_of_sheet(text: bytes, names: Sequence[str]) -> dict[str, Any] | None:
    """Return the cells of an array that lacks those at its end that are empty, None if all are.

    Raise `NotARecordError` if it is none, or too long.
    """
    cells = read_cells(text)
    missing = [None] * (len(names) - len(cells))
    return _named(cells + missing, names) if cells else None


def _named(cells: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    if len(cells) != len(names):
        few = len(cells) < len(names)
        code = FaultCode.TOO_FEW_FIELDS if few else FaultCode.TOO_MANY_FIELDS
        message = f"expected {len(names)} fields, found {len(cells)}"
        raise NotARecordError(Problem(code=code, message=message))
    return dict(zip(names, cells, strict=True))


def read_value(text: bytes, name: str) -> dict[str, Any]:
    """Return the cell `name` that a text, number or word is; raise `NotARecordError`."""
    value = _read(text)
    if isinstance(value, dict | list):
        raise NotARecordError(NOT_A_VALUE)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _read_exactly(text)
    return {name: value}


def read_value_of(text: bytes) -> Any:  # noqa: ANN401 - whatever JSON has
    """Return any value, with its numbers as they are written; raise `NotARecordError`."""
    value = _read(text)
    return _read_exactly(text) if ODD_NUMBER.search(text) else value


def fitted_row(text: bytes, names: Sequence[str]) -> dict[str, Any]:
    """Return the cells of an array of another length; raise `NotARecordError` if it is none."""
    return dict(zip(names, read_cells(text), strict=False))


def read_cells(text: bytes) -> list[Any]:
    """Return the items of an array; raise `NotARecordError` if it is none."""
    value = _read(text)
    if type(value) is not list:
        raise NotARecordError(NOT_AN_ARRAY)
    if ODD_NUMBER.search(text):
        value = _read_exactly(text)
    if text.count(b"[") + text.count(b"{") > SURELY_WRITTEN:
        _check_depth(value)
    return cast("list[Any]", value)


def _read(text: bytes) -> Any:  # noqa: ANN401 - whatever JSON has
    """Return a value as the fast reader gives it, or the exact one where that refuses."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _read_exactly(text)


def without_halves(text: bytes) -> bytes:
    """Return a record with U+FFFD for halves of characters, in its bytes and its escapes."""
    whole = text.decode(errors="replace").encode()
    return ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], whole)


def cells_of(records: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Cells:
    """Return the columns of the records, as text."""
    columns, typed = [], dict[str, Mask]()
    for name in names:
        values = [record.get(name) for record in records]
        if not set(map(type, values)) <= {str, NoneType}:
            typed[name] = np.array([type(value) is not str for value in values])
            values = [value if type(value) is str else text_of(value) for value in values]
        columns.append(pl.Series(name, values, dtype=pl.String).fill_null(""))
    return Cells(pl.DataFrame(columns), typed)


def text_of(value: object) -> str:
    """Return what stands in the cell for a JSON value."""
    match value:
        case None:
            return ""
        case bool():
            return WORDS[value]
        case str():
            return str(value)
        case int() | float():
            return repr(value)
        case _:
            return _json_text(value)


def _json_text(value: object) -> str:
    text = orjson.dumps(value, default=verbatim, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    return text.decode()


def _check_depth(value: object) -> None:
    """Raise `NotARecordError` for what the fast parser reads, but would not write again."""
    try:
        _json_text(value)
    except orjson.JSONEncodeError:
        raise NotARecordError(TOO_DEEP) from None


def verbatim(number: object) -> orjson.Fragment:
    """Return how `orjson` is to write what is no JSON value of its own: as it is."""
    return orjson.Fragment(str(number))


def _read_exactly(text: bytes) -> object:
    """Return the value with every number as it is written; raise `NotARecordError`."""
    try:
        value = EXACT.decode(text.decode())
        _json_text(value)
    except UnicodeDecodeError:
        raise NotARecordError(NOT_TEXT) from None
    except json.JSONDecodeError as exc:
        raise NotARecordError(_broken(exc)) from None
    except RecursionError:
        raise NotARecordError(TOO_DEEP) from None
    except orjson.JSONEncodeError as exc:
        problem = TOO_DEEP if "recursion" in str(exc).lower() else HALF_CHARACTER
        raise NotARecordError(problem) from None
    return value


def _broken(error: json.JSONDecodeError) -> Problem:
    reason = f"is no JSON: {error.msg.removesuffix(' at').lower()} at character {error.pos + 1}"
    return Problem(code=FaultCode.BROKEN_RECORD, message=reason)


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    count = _flatten(record, "", DEEPEST, flat)
    return flat if count == len(flat) else _told_apart(record)


def _flatten(record: Mapping[str, Any], before: str, depth: int, into: dict[str, Any]) -> int:
    """Put the cells of `record` into `into`, and return how many they are."""
    count = len(record)
    for name, value in record.items():
        if type(value) is dict and depth > 0:
            count += _flatten(value, f"{before}{name}.", depth - 1, into) - 1
        else:
            into[before + name] = value
    return count


def _told_apart(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a record of which several have the same name when it is flattened.

    The one that is nested least keeps it, in whatever order they stand; a second one is called
    `name_2`, as in a header.
    """
    cells = list(_cells_with_depth(record, "", 0))
    order = sorted(range(len(cells)), key=lambda place: cells[place][0])
    unique = unique_names([cells[place][1] for place in order])
    names = dict(zip(order, unique, strict=True))
    return {name and names[place]: value for place, (_, name, value) in enumerate(cells)}


def _cells_with_depth(
    record: Mapping[str, Any], before: str, depth: int
) -> Iterator[tuple[int, str, Any]]:
    for name, value in record.items():
        if type(value) is dict and depth < DEEPEST:
            yield from _cells_with_depth(value, f"{before}{name}.", depth + 1)
        else:
            yield depth, before + name, value
