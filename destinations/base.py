"""What every destination promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from definitions.batches import Records, Tally
from destinations.bulk import Bulk, Connect

if TYPE_CHECKING:
    from destinations.lanes import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadContext:
    """For whom and in which run records are written."""

    project_id: int
    run_id: str
    started_at: datetime


class Destination(Protocol):
    """A writer of one kind of records.

    It never opens or commits a transaction: `destinations.session` does, one per batch, together
    with the ledger row. It may remember what it saw in one: after a transaction that was rolled
    back, another one is opened in its place.
    """

    def prepare(self, records: Records, bulk: Bulk, connect: Connect) -> Records:
        """Return the records with all that `write` needs and that can be known before.

        It may be called in another thread, while the batch before is being written. What it reads
        by `connect` may have changed when `write` comes to it. `write` prepares by itself what is
        not prepared.
        """

    def write(self, connection: Connection, records: Records, turn: Turn | None = None, /) -> Tally:
        """Write the records inside the connection's transaction and tell how each one ended.

        What it writes into is locked by way of its `turn`, or for itself alone if it has none.
        The tally's `read` equals the number of records; loading the same records again in
        the same run changes nothing but the counts.
        """
