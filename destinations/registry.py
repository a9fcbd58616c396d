"""Every kind of destination, in one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TypeAlias

from sqlalchemy import Connection

from definitions.model import (
    CatalogDestination,
    CustomerDestination,
    EventDestination,
    ImportDefinition,
)
from definitions.model import Destination as Target
from destinations.base import Destination, LoadContext

Opener: TypeAlias = Callable[[Connection, ImportDefinition, LoadContext], Destination]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Where a kind of destination is: a module and, in it, what opens one for a definition."""

    path: str
    target: type[Target]

    def opener(self) -> Opener:
        """Import the module and return what opens a destination."""
        module, _, name = self.path.partition(":")
        opener: Opener = getattr(import_module(module), name)
        return opener


DESTINATIONS: Mapping[str, Kind] = MappingProxyType(
    {
        "customers": Kind(path="destinations.customers:open_customers", target=CustomerDestination),
        "events": Kind(path="destinations.events:open_events", target=EventDestination),
        "catalogs": Kind(path="destinations.catalogs:open_catalog", target=CatalogDestination),
    }
)


def kind_of(target: Target) -> Kind:
    """Return the kind that a definition's destination is of."""
    return next(kind for kind in DESTINATIONS.values() if isinstance(target, kind.target))


def open_destination(
    connection: Connection, definition: ImportDefinition, context: LoadContext
) -> Destination:
    """Return what writes the definition's records, ready for batches in any transaction.

    Raise `NotFoundError` if the definition names a catalog that is gone.
    """
    return kind_of(definition.destination).opener()(connection, definition, context)
