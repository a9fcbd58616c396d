"""Import definitions and files that tests send, and ways to change them."""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

PEOPLE = "mail,name\njana@example.com,Jana\npetr@example.com,Petr\n"
HOSTED = "https://files.example.test/people.csv"  # for definitions that never run
DAILY: Document = {
    "trigger_type": "scheduled",
    "frequency": "daily",
    "times": [{"hour": 2, "minute": 30}],
    "minutes": [],
    "timezone": "Europe/Prague",
}


def people(url: str = HOSTED) -> Document:
    """Return the smallest valid definition: customers from a file, at once."""
    return {
        "name": "People",
        "trigger": {"trigger_type": "now"},
        "source": {"source_type": "url", "import_url": url},
        "destination": {"customer_destination": {}},
        "mapping": {
            "column_mapping": {
                "id_mappings": [{"from_column": "mail", "to_id": "email_id"}],
                "property_mappings": [{"from_column": "name", "to_column": "first_name"}],
            }
        },
    }


def idle(document: Document) -> Document:
    """Return the definition with a trigger that does not fire by itself during a test."""
    return changed(document, "trigger", {"trigger_type": "on_new_file"})


def catalog(url: str, name: str = "Products Catalog", **columns: str) -> Document:
    """Return a definition of a product catalog, columns by name with their type."""
    mappings = [
        {"from_column": column, "to_column": column, "target_type": kind, "searchable": False}
        for column, kind in (columns or {"item_id": "string", "title": "string"}).items()
    ]
    attributes = {"catalog_type": "product"}
    return {
        **people(url),
        "name": name,
        "destination": {
            "catalog_destination": {"catalog_name": name, "catalog_attributes": attributes}
        },
        "mapping": {"column_mapping": {"id_mappings": [], "property_mappings": mappings}},
    }


def changed(document: Document, path: str, value: object) -> Document:
    """Return a copy of the document with another value at the dotted path."""
    copied = copy.deepcopy(document)
    *steps, last = path.split(".")
    _at(copied, steps)[last] = value
    return copied


def without(document: Document, path: str) -> Document:
    """Return a copy of the document that lacks the member at the dotted path."""
    copied = copy.deepcopy(document)
    *steps, last = path.split(".")
    del _at(copied, steps)[last]
    return copied


def _at(document: Document, steps: list[str]) -> Document:
    for step in steps:
        document = document[step]
    return document
