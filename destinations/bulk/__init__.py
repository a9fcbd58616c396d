"""The fastest way each database engine takes a batch; the only rooms that know an engine.

Every method works inside the transaction of the connection it is given and takes rows in file
order: where two touch the same thing, the later one finds what the earlier one left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sqlalchemy import Connection

if TYPE_CHECKING:
    import polars as pl

KnownId: TypeAlias = tuple[str, str, int]  # type, value, customer

_ROOMS = {
    "postgresql": "destinations.bulk.postgresql:PostgresqlBulk",
    "sqlite": "destinations.bulk.sqlite:SqliteBulk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """How many rows made something new, and how many changed something."""

    created: int
    updated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTerms:
    """In which project and when customers are written; for `stamps` see `destinations.merging`."""

    project_id: int
    started_at: datetime
    stamps: bool


class Bulk(Protocol):
    """What a destination needs from an engine."""

    def lock(self, connection: Connection, name: str) -> None:
        """Wait until no other transaction holds the lock, then hold it until this one ends."""

    def merge_items(self, connection: Connection, catalog_id: int, items: pl.DataFrame) -> Merged:
        """Merge `item_id`, `properties` into a catalog whose lock is held."""

    def known_customers(
        self, connection: Connection, project_id: int, ids: pl.DataFrame
    ) -> list[KnownId]:
        """Return those of `id_type`, `id_value` that belong to somebody."""

    def new_customer_ids(self, connection: Connection, count: int) -> list[int]:
        """Return as many numbers that no customer has, ascending."""

    def add_customer_ids(self, connection: Connection, project_id: int, ids: pl.DataFrame) -> None:
        """Give `id_type`, `id_value`, which nobody has, to `customer_id`."""

    def merge_customers(
        self, connection: Connection, terms: CustomerTerms, rows: pl.DataFrame
    ) -> Merged:
        """Merge `properties`, written at `updated_at`, into `customer_id`.

        `fresh` rows make their customer. Rows with `linked` count as updates, whatever they change.
        """

    def append_events(self, connection: Connection, project_id: int, rows: pl.DataFrame) -> int:
        """Add the events that are not there yet, and return how many that were.

        `rows` hold the columns of the table but `id` and `project_id`.
        """


def bulk_for(connection: Connection) -> Bulk:
    """Return the room of the connection's engine."""
    module, _, name = _ROOMS[connection.dialect.name].partition(":")
    bulk: Bulk = getattr(import_module(module), name)()
    return bulk
