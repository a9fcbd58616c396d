"""What was committed, in order: each transaction of a played plan notes what it wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from definitions.batches import Records, Tally
from destinations.base import Destination
from destinations.bulk import Bulk, Connect
from destinations.lanes import Turn
from importmgr.store.database import Database
from importmgr.store.transactions import Transaction

ORDER: Final = "order"

noted = sa.Table(
    "noted",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("project_id", sa.Integer, nullable=False),
    sa.Column("who", sa.Text, nullable=False),  # a run, or `ORDER`
    sa.Column("number", sa.Integer, nullable=False),  # of the first record, or of the order
    sa.Column("place", sa.BigInteger, nullable=False),  # the catalog; 0: customers
    sa.Column("tally", sa.Text),
)


class Note(NamedTuple):
    """What a transaction says of itself."""

    project_id: int
    who: str
    number: int
    place: int
    tally: str | None = None

    def write(self, connection: Connection) -> None:
        """Write it down in the transaction, while its locks are held."""
        connection.execute(sa.insert(noted).values(self._asdict()))


@dataclass(frozen=True, kw_only=True)
class Noting:
    """A destination that notes what it wrote."""

    real: Destination
    project_id: int
    run_id: str

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:
        """Prepare as the real one does."""
        return self.real.prepare(records, bulk, connect)

    def write(self, connection: Connection, records: Records, turn: Turn | None = None, /) -> Tally:
        """Write as the real one does."""
        tally = self.real.write(connection, records, turn)
        first, place = int(records.frame["row"][0]), getattr(self.real, "catalog_id", 0)
        Note(self.project_id, self.run_id, first, place, repr(tally)).write(connection)
        return tally


@dataclass(frozen=True)
class NotingDatabase(Database):
    """A database whose transactions that write note what they were `about`."""

    about: list[Note] = field(default_factory=list)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open a transaction as every database does."""
        with super().writing() as transaction:
            yield transaction
            self.about[-1].write(transaction)
