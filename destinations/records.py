"""Live writes as records of one row: what a request brings, in the form that an import has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from definitions.batches import Records
from definitions.conversion import LONGEST_KEY
from definitions.errors import InvalidError
from definitions.keytext import trimmed
from definitions.shown import named
from destinations.live import CustomerWrite, EventWrite, ItemWrite
from destinations.merging import dump_json, dump_properties
from destinations.texts import holds_half_character, holds_nul


def customer_record(write: CustomerWrite) -> Records:
    """Return one customer row; raise `InvalidError` for what no database can keep."""
    columns = {"updated_at": pl.Series([write.updated_at], dtype=pl.Float64)}
    return _record(_id_columns(write.ids), columns, write.properties, dump_properties)


def event_record(write: EventWrite) -> Records:
    """Return one event row; raise `InvalidError` for what no database can keep."""
    columns = {
        "event_type": pl.Series([_key("event_type", write.type)]),
        "timestamp": pl.Series([write.timestamp], dtype=pl.Float64),
        "row": pl.Series([write.row]),
    }
    return _record(_id_columns(write.ids), columns, write.properties, dump_json)


def item_record(write: ItemWrite) -> Records:
    """Return one item row; raise `InvalidError` for what no database can keep."""
    item_id = _key("item_id", write.item_id)
    return _record({}, {"item_id": pl.Series([item_id])}, write.properties, dump_properties)


def _id_columns(ids: Mapping[str, str]) -> dict[str, str]:
    """Check the ids of a customer, of which there must be one."""
    if not ids:
        raise InvalidError({"customer_ids": ["must hold at least one id"]})
    for name in ids:
        _check_key(f"customer_ids.{name}", name)
    return {name: _key(f"customer_ids.{name}", value) for name, value in ids.items()}


def _key(path: str, text: str) -> str:
    """Return a key as an import would read it; raise unless every database can index it."""
    key = trimmed(text)
    _check_key(path, key)
    return key


def _check_key(path: str, key: str) -> None:
    """Raise unless every database can index the key."""
    if not key:
        raise InvalidError({path: ["must not be empty"]})
    _check_text(path, key)
    if len(key.encode()) > LONGEST_KEY:
        raise InvalidError({path: [named(f"must not be longer than {LONGEST_KEY} bytes", key)]})


def _check_text(path: str, text: str) -> None:
    """Raise unless every database can store the text."""
    if holds_nul(text):
        raise InvalidError({path: [named("must not hold a NUL character", text)]})
    if holds_half_character(text):
        raise InvalidError(
            {path: [named("must not hold half of a character (a lone surrogate)", text)]}
        )


def _record(
    ids: Mapping[str, str],
    columns: Mapping[str, pl.Series],
    properties: Mapping[str, Any],
    write: Callable[[Mapping[str, Any]], str],
) -> Records:
    """Make the one row."""
    for text in _texts(properties):
        _check_text("properties", text)
    frame = pl.DataFrame(
        {
            "row": pl.Series([1]),
            "properties": pl.Series([write(properties)]),
            **{f"id.{name}": pl.Series([value]) for name, value in ids.items()},
            **columns,
        }
    )
    return Records(frame=frame, ids=tuple(ids))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield every text in a JSON value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, Sequence):
        for element in value:
            yield from _texts(element)
