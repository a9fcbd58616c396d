"""The parts of the document that have several shapes, as components of an OpenAPI 3.1 description.

The shapes themselves are `VARIANTS`, described from their schema classes; these components only
say which of them there are and how one is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from definitions.schema.days import LAST_MONTHDAY, WEEKDAYS
from definitions.schema.destination import (
    CATALOG,
    CUSTOMERS,
    EVENTS,
    CatalogDestinationSchema,
    CustomerDestinationSchema,
    EventDestinationSchema,
)
from definitions.schema.source import FileStorageSourceSchema, UrlSourceSchema
from definitions.schema.trigger import ScheduledTriggerSchema, SimpleTriggerSchema

VARIANTS: Mapping[str, type[Schema]] = {
    "SimpleTrigger": SimpleTriggerSchema,
    "ScheduledTrigger": ScheduledTriggerSchema,
    "UrlSource": UrlSourceSchema,
    "FileStorageSource": FileStorageSourceSchema,
    "CustomerDestination": CustomerDestinationSchema,
    "EventDestination": EventDestinationSchema,
    "CatalogDestination": CatalogDestinationSchema,
}


def openapi_schemas() -> dict[str, dict[str, Any]]:
    """Return the components `Trigger`, `Source` and `Destination`.

    They refer to the components of `VARIANTS`, which must be registered under the names there.
    """
    return {"Trigger": _trigger(), "Source": _source(), "Destination": _destination()}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _trigger() -> dict[str, Any]:
    rules = [_needs("minutes", "times"), _days("weekly", _WEEKDAYS), _days("monthly", _MONTHDAYS)]
    return {
        "description": "When to run: at once, on a new file, or by the clock.",
        "oneOf": [_ref("SimpleTrigger"), {**_ref("ScheduledTrigger"), "allOf": rules}],
        "examples": [
            {"trigger_type": "now"},
            {"trigger_type": "on_new_file"},
            _scheduled(frequency="daily", times=[{"hour": 2, "minute": 30}]),
            _scheduled(frequency="hourly", minutes=[0, 30], times=None, to_date=1798761600.5),
            _scheduled(frequency="weekly", times=[{"hour": 6, "minute": 0}], days=["monday", 3]),
            _scheduled(frequency="monthly", times=[{"hour": 6, "minute": 0}], days=[1, 31]),
        ],
    }


def _scheduled(**members: object) -> dict[str, Any]:
    return {"trigger_type": "scheduled", "timezone": "Europe/Prague", **members}


def _needs(hourly: str, otherwise: str) -> dict[str, Any]:
    """Return the rule which of two arrays must have an element."""
    return {"if": _frequency("hourly"), "then": _filled(hourly), "else": _filled(otherwise)}


def _days(frequency: str, items: dict[str, Any]) -> dict[str, Any]:
    """Return the rule what days mean at a frequency."""
    array = {"type": ["array", "null"], "items": items, "uniqueItems": True}
    return {"if": _frequency(frequency), "then": {"properties": {"days": array}}}


def _frequency(word: str) -> dict[str, Any]:
    return {"properties": {"frequency": {"const": word}}}


def _filled(array: str) -> dict[str, Any]:
    return {"required": [array], "properties": {array: {"type": "array", "minItems": 1}}}


_WEEKDAY_NAME = "|".join("".join(f"[{c.upper()}{c}]" for c in name) for name in WEEKDAYS)
_WEEKDAYS: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": f"^(?:{_WEEKDAY_NAME})$"},
        {"type": "integer", "minimum": 0, "maximum": 6},
    ]
}
_MONTHDAYS: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": LAST_MONTHDAY}


def _source() -> dict[str, Any]:
    storage = {"source_type": "filestorage", "integration_id": "5f3c1a2b4d5e6f708192a3b4"}
    page = {"source_type": "url", "import_url": "https://files.example.test/products.csv"}
    login = {"username": "importer", "password": "correct horse battery staple"}
    return {
        "description": "Where the bytes come from.",
        "oneOf": [_ref("UrlSource"), _ref("FileStorageSource")],
        "examples": [
            page | {"auth": None},
            page | {"use_socks_proxy": True, "auth": login},
            storage | {"path": "*.csv", "file_selection": "last_mod"},
            storage | {"parent_path": "/out", "path": "crm_*.csv", "file_selection": "all"},
        ],
    }


def _destination() -> dict[str, Any]:
    names = {
        CUSTOMERS: "CustomerDestination",
        EVENTS: "EventDestination",
        CATALOG: "CatalogDestination",
    }
    product = {"catalog_type": "product"}
    return {
        "description": "Where the records go; exactly one of the three.",
        "oneOf": [{**_ref(name), **_alone(key, names)} for key, name in names.items()],
        "examples": [
            {CUSTOMERS: {}},
            {EVENTS: {"event_type": "purchase", "event_triggers": True}},
            {CATALOG: {"catalog_name": "Products", "catalog_attributes": product}},
        ],
    }


def _alone(own: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule that no other destination is given."""
    return {"properties": {key: {"type": "null"} for key in names if key != own}}
