"""PostgreSQL as the destinations see it."""

# tested by: tests/contract/test_destinations.py

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Connection, text

from destinations.bulk import AllNewSoFar, Connect, CustomerTerms, Foreseen, Merged, Sides, Values
from destinations.bulk.postgresql import customers, identities
from destinations.bulk.postgresql.copying import copy_values
from destinations.bulk.postgresql.events import Events, Owned, append_events, prepare_events
from destinations.bulk.postgresql.identities import Asked
from destinations.bulk.postgresql.items import Items, merge_items, prepare_items
from destinations.bulk.postgresql.sides import SIDES

if TYPE_CHECKING:
    import polars as pl

    from definitions.arrays import Numbers
    from destinations.memory import IdMemory

_BATCH = text("""
SELECT set_config('synchronous_commit', 'off', true), set_config('application_name', :name, true)
""")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class PostgresqlBulk:
    """Takes batches into PostgreSQL."""

    sides: ClassVar[Sides | None] = SIDES
    span: ClassVar[int] = 1

    def begin_batch(self, connection: Connection, run_id: str, token: int) -> None:
        """Commit lazily: the log of what was committed is written in order; say whose it is."""
        connection.execute(_BATCH, {"name": f"importmgr run {run_id} {token}"})

    def add_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Values]
    ) -> None:
        """Copy them, value by value."""
        copy_values(connection, table, columns, rows)

    def lock(self, connection: Connection, name: str) -> None:
        """Take an advisory lock; statements after it see what its last holder committed."""
        connection.execute(_LOCK, {"name": name})

    def prepare_items(self, catalog_id: int, items: pl.DataFrame) -> Items:
        """Write what COPY takes."""
        return prepare_items(catalog_id, items)

    def merge_items(
        self, connection: Connection, catalog_id: int, items: Items, all_new: AllNewSoFar
    ) -> Merged:
        """Copy the new, merge the changed through staging."""
        return merge_items(connection, catalog_id, items, all_new)

    def prepare_ids(self, ids: pl.DataFrame) -> Asked:
        """Hash them."""
        return identities.prepare_ids(ids)

    def foresee_customers(
        self, connect: Connect, project_id: int, ids: Asked, memory: IdMemory
    ) -> Foreseen:
        """Remember some, look the others up at once."""
        with connect() as connection:
            return identities.foresee_customers(connection, project_id, ids, memory)

    def known_customers(
        self,
        connection: Connection,
        project_id: int,
        ids: Asked,
        foreseen: Foreseen | None,
        all_new: AllNewSoFar,
    ) -> Numbers:
        """Believe what was foreseen as long as nobody lost an id; look the others up at once."""
        return identities.known_customers(connection, project_id, ids.ids, foreseen, all_new)

    def new_customer_ids(self, connection: Connection, count: int) -> list[int]:
        """Take them from the sequence."""
        return identities.new_customer_ids(connection, count)

    def add_customer_ids(
        self, connection: Connection, project_id: int, ids: pl.DataFrame, memory: IdMemory
    ) -> bool:
        """Copy the ids straight into their table."""
        return identities.add_customer_ids(connection, project_id, ids, memory)

    def merge_customers(
        self, connection: Connection, terms: CustomerTerms, rows: pl.DataFrame
    ) -> Merged:
        """Copy the new, merge the others through staging."""
        return customers.merge_customers(connection, terms, rows)

    def prepare_events(
        self, events: pl.DataFrame, project_id: int, customers: Numbers | None
    ) -> Events:
        """Write what COPY takes, as far as it is known."""
        return prepare_events(events, project_id, customers)

    def append_events(
        self,
        connection: Connection,
        project_id: int,  # noqa: ARG002 - the rows have it
        customers: Numbers,
        events: Events,
        all_new: AllNewSoFar,
    ) -> int:
        """Copy those that the unique index does not know."""
        return append_events(connection, Owned(customers, events), all_new)
