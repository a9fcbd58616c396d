"""Shapes of a definition document that are accepted although they are not the documented one.

Each step takes a document of any shape and gives it back closer to the documented one, or as it is.
Tolerances about one field stand with that field: `type` for `target_type`, `[]` for `{}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WRAPPERS = ("import", "import_definition")
_OWN_KEYS = frozenset({"name", "trigger", "source", "destination", "mapping"})
_TIMESTAMP = "timestamp_column"


def tolerated(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document in the documented shape, as far as the tolerances reach."""
    return _timestamp_column_moved(_unwrapped(document))


def _unwrapped(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take a definition out of what reading or listing gave: `import`, `import_definition`."""
    for wrapper in _WRAPPERS:
        inner = document.get(wrapper)
        if isinstance(inner, Mapping) and _OWN_KEYS.isdisjoint(document):
            document = inner
    return document


def _timestamp_column_moved(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Move a `timestamp_column` from the top to its place, unless that is taken."""
    column, mapping = document.get(_TIMESTAMP), document.get("mapping")
    if not isinstance(column, str) or not column or not isinstance(mapping, Mapping):
        return document
    columns = mapping.get("column_mapping")
    if not isinstance(columns, Mapping) or columns.get(_TIMESTAMP) is not None:
        return document
    return {**document, "mapping": {**mapping, "column_mapping": {**columns, _TIMESTAMP: column}}}
