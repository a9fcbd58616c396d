"""Fixed values of a mapping: what may be given, and what it becomes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import orjson

from definitions.model import TargetType

MAX_VALUE = 65_535


def storable_problem(value: object) -> str | None:
    """Return why a value from a JSON document cannot be stored."""
    try:
        size = len(orjson.dumps(value))
    except orjson.JSONEncodeError as exc:
        return f"must be storable JSON, but: {str(exc).lower()}"
    if size > MAX_VALUE:
        return f"must have at most {MAX_VALUE} bytes as JSON, not {size}"
    leaves = list(_leaves(value))
    if any(isinstance(leaf, float) and not math.isfinite(leaf) for leaf in leaves):
        return "must hold finite numbers only"
    if any(isinstance(leaf, str) and "\0" in leaf for leaf in leaves):
        return "must not contain the NUL character"
    return None


def target_of(word: str) -> TargetType:
    """Return the type that a word means; a string for any word that is not listed."""
    return TargetType(word) if word in list(TargetType) else TargetType.STRING


def conversion_problem(value: object, target: TargetType) -> str | None:
    """Return why a storable value cannot become the target type."""
    if value in ("", [], {}) and target is not TargetType.JSON:
        return "must not be empty; drop the mapping of a property that is never set"
    if target is TargetType.LIST and isinstance(value, dict):
        return "must be an array or a string, not an object"
    if as_json(value, target, ZoneInfo("UTC")) is not None:
        return None
    from definitions.complaints import plain_complaint  # noqa: PLC0415  as in as_json

    return f"must become {target}, but {plain_complaint(target, _cell(value, target))[1]}"


def as_json(value: object, target: TargetType, zone: ZoneInfo) -> str | None:
    """Return a value as JSON text of the target type, just as a cell would become it.

    None when it cannot.
    """
    # the column engine is slow to load, and few mappings hold a fixed value
    import polars as pl  # noqa: PLC0415

    from definitions.conversion import as_property  # noqa: PLC0415

    converted: str | None = (
        as_property(target, zone).values(pl.Series([_cell(value, target)])).item()
    )
    return converted


def _cell(value: object, target: TargetType) -> str:
    """Return the text that a cell would hold for the value."""
    if isinstance(value, str) and target is not TargetType.JSON:
        return value
    return orjson.dumps(value).decode()


def _leaves(value: object) -> Iterable[object]:
    """Yield the scalars and the keys inside a value, which is not deep."""
    match value:
        case dict():
            for key, member in value.items():
                yield key
                yield from _leaves(member)
        case list():
            for member in value:
                yield from _leaves(member)
        case _:
            yield value
