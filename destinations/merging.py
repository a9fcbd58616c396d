"""How a write changes stored properties: the same rule as PostgreSQL's `||`, as pure functions.

Documents are JSON texts. A member of the write replaces the stored member of the same name as a
whole; arrays and objects inside are never merged. Values are moved as they are written, never read
and written anew, so that no number loses digits. A result equal to what is stored is the stored
text itself: "did it change" is a comparison of texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import orjson

from definitions.canonical import canonical_json, stored_order

Members: TypeAlias = dict[str, str]  # name -> the value as it is written

# Members of an object without white space and without anything nested but plain lists: nearly
# every object there is.
_STRING = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_PLAIN = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^",\[\]{}\s]++'
_FLAT = re.compile(rf"{_STRING}:({_PLAIN}|\[(?:(?:{_PLAIN}),?)*+\])[,}}]")
_MARKS = len('"":,')
_SPACE = re.compile(r"[\s,:]*")
_decoder = json.JSONDecoder(parse_int=str, parse_float=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a write happened.

    `at` is the row's own update time, None if it has none; such a row always wins. `now` is the
    start of the run. With `stamps`, a row without a time of its own leaves `now` on its properties;
    else it does so only where an earlier write left a time.
    """

    at: float | None
    now: float
    stamps: bool


def dump_json(value: Any) -> str:  # noqa: ANN401 - JSON
    """Write JSON in its one canonical form: keys sorted, no spaces, no escapes without need."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:  # a whole number of more than 64 bits
        text = json.dumps(value, ensure_ascii=False)
    return canonical_json(text)


def dump_properties(properties: Mapping[str, Any]) -> str:
    """Write properties of a customer or an item as they are stored."""
    return _object({name: dump_json(value) for name, value in properties.items()})


def merged(stored: str, new: str) -> str:
    """Return `stored` with the members of `new` over it."""
    return stored if stored == new else _over(stored, _members(new))


def merged_at(stored: str, written: str | None, new: str, moment: Moment) -> tuple[str, str | None]:
    """Return the properties and their times after a write: per property, the last write wins."""
    if moment.at is None and not moment.stamps and written is None:
        return merged(stored, new), None
    times = _members(written) if written else {}
    write = _not_outdated(_members(new), times, moment)
    stamps = _stamps(write, times, moment)
    return _over(stored, write), _over(written or "{}", stamps) if stamps else written


def _not_outdated(write: Members, times: Members, moment: Moment) -> Members:
    """Leave out what was written at a later time."""
    at = moment.at
    if at is None:
        return write
    return {k: v for k, v in write.items() if k not in times or float(times[k]) <= at}


def _stamps(write: Members, times: Members, moment: Moment) -> Members:
    """Return the times that the write leaves on its properties."""
    if moment.at is not None:
        return dict.fromkeys(write, _seconds(moment.at))
    now = _seconds(moment.now)
    return {name: now for name in write if moment.stamps or name in times}


def _seconds(at: float) -> str:
    """Write a time as PostgreSQL does: without a fraction if there is none."""
    return repr(int(at) if at.is_integer() else at)


def _over(stored: str, write: Members) -> str:
    """Put the members of the write over the stored ones."""
    before = _members(stored)
    if all(name in before and _same(before[name], value) for name, value in write.items()):
        return stored
    return _object(before | write)


def _object(members: Members) -> str:
    """Put an object together."""
    names = sorted(members, key=stored_order)
    return "{" + ",".join(f"{_quoted(name)}:{members[name]}" for name in names) + "}"


def _members(text: str) -> Members:
    """Take an object apart into its members."""
    pairs = _FLAT.findall(text)
    if len(text) == sum(len(name) + len(value) + _MARKS for name, value in pairs) + 1:
        return {_unescaped(name): value for name, value in pairs}
    return _scanned(text)


def _scanned(text: str) -> Members:
    """Take apart an object that may hold anything, written in any way."""
    members: Members = {}
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = _decoder.raw_decode(text, at)
        start = _skip(text, at)
        _, at = _decoder.raw_decode(text, start)
        members[name] = text[start:at]
        at = _skip(text, at)
    return members


def _skip(text: str, at: int) -> int:
    """Return where the next token starts; the text is known to be JSON."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _unescaped(name: str) -> str:
    """Read what stands between the quotes of a JSON string."""
    return str(json.loads(f'"{name}"')) if "\\" in name else name


def _quoted(name: str) -> str:
    """Write a name as orjson does; most need nothing but quotes."""
    return f'"{name}"' if name.isidentifier() else orjson.dumps(name).decode()


def _same(one: str, other: str) -> bool:
    """Compare two values as they are written, and only if they differ in that as JSON."""
    return one == other or _equal(_loaded(one), _loaded(other))


def _loaded(text: str) -> Any:  # noqa: ANN401 - JSON
    """Read a value without rounding any number."""
    return json.loads(text, parse_float=Decimal)


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 - JSON
    """Compare as JSON: 1 and 1.0 are one number, 1 and true are not the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
