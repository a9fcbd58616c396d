"""Rules between destination and mapping: what identifies a row, and what may not come twice.

They look at a document that may still have other problems, and pass over what is not well-formed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.model import TargetType
from definitions.schema.destination import CATALOG, CUSTOMERS, destinations_in
from definitions.schema.mapping import MAX_MAPPINGS
from definitions.schema.rules import short_array
from definitions.schema.static_values import conversion_problem, storable_problem

ITEM_ID = "item_id"
UPDATE_TIMESTAMP = "update_timestamp"
MAX_SEARCHABLE = 20
_COLUMNS = "mapping.column_mapping"
_IDS = f"{_COLUMNS}.id_mappings"
_PROPERTIES = f"{_COLUMNS}.property_mappings"


def key_problems(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each problem between destination and mapping."""
    columns = _object(_object(document.get("mapping")).get("column_mapping"))
    ids, properties = columns.get("id_mappings"), columns.get("property_mappings")
    known = short_array(properties, MAX_MAPPINGS)
    yield from _repeats(known)
    if destinations_in(_object(document.get("destination"))) == [CUSTOMERS]:
        yield from _time_problems(known)
    match destinations_in(_object(document.get("destination"))):
        case [kind] if kind == CATALOG:
            yield from _searchable_problems(known)
            if isinstance(ids, list) and known == properties:
                yield from _item_problems(ids, known)
        case [kind] if ids == []:
            yield _IDS, f"must not be empty: a row needs an id to find its customer for {kind}"
        case _:
            return


def _time_problems(properties: list[object]) -> Iterator[tuple[str, str]]:
    """Yield why a fixed update time is none."""
    targets = _targets("to_column", properties)
    if UPDATE_TIMESTAMP not in targets:
        return
    place = targets.index(UPDATE_TIMESTAMP)
    value = _object(properties[place]).get("value")
    if value is None or storable_problem(value):
        return
    problem = conversion_problem(value, TargetType.TIMESTAMP)
    if problem:
        yield f"{_PROPERTIES}.{place}.value", problem


def _item_problems(ids: list[object], properties: list[object]) -> Iterator[tuple[str, str]]:
    """Yield what keeps rows from finding their catalog item."""
    by_property = _targets("to_column", properties)
    if ITEM_ID not in by_property and ITEM_ID not in _targets("to_id", ids):
        yield _PROPERTIES, f"must map a column to {ITEM_ID!r}, which identifies catalog items"
    for place, target in enumerate(by_property):
        if target == ITEM_ID and _object(properties[place]).get("value") is not None:
            text = "must not be given: one fixed item_id would make all rows one item"
            yield f"{_PROPERTIES}.{place}.value", text


def _searchable_problems(properties: list[object]) -> Iterator[tuple[str, str]]:
    """Yield a problem when more of a catalog is searchable than may be."""
    count = sum(_object(mapping).get("searchable") is True for mapping in properties)
    if count > MAX_SEARCHABLE:
        yield _PROPERTIES, f"must have at most {MAX_SEARCHABLE} searchable ones, not {count}"


def _repeats(properties: list[object]) -> Iterator[tuple[str, str]]:
    """Yield a problem for each property that was mapped before."""
    first: dict[str, int] = {}
    for place, target in enumerate(_targets("to_column", properties)):
        before = place if target is None else first.setdefault(target, place)
        if before != place:
            text = f"repeats {_PROPERTIES}.{before}.to_column; map each property once"
            yield f"{_PROPERTIES}.{place}.to_column", text


def _targets(key: str, mappings: list[object]) -> list[str | None]:
    """Return the target of each mapping; None where it is no text."""
    found = [_object(mapping).get(key) for mapping in mappings]
    return [target if isinstance(target, str) else None for target in found]


def _object(value: object) -> Mapping[str, object]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}
