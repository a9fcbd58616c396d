"""Pings that are owed: an address outside is asked for after each good run, as its promise says.

That one is owed is written down in the transaction of the run's end, in the row of the promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.decisions import Decision
from importmgr.clock import Clock
from importmgr.store.decisions import add_decisions
from importmgr.store.telling_tables import promises
from importmgr.store.transactions import present, reading, writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A ping to be made, for the `attempt`th time (from 1); it is ours `until` then."""

    definition_id: str
    url: str
    attempt: int
    until: datetime


class PingStore:
    """Keeps pings; on PostgreSQL the database's clock says which are due."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock

    def claim(self, lease: timedelta) -> Ping | None:
        """Take the ping that is due longest, if there is one; looking in vain only reads.

        Of any number of callers one gets it. Whoever does not settle it within the lease loses it.
        """
        owed = promises.c.ping_due_at
        due = sa.select(promises.c.definition_id).order_by(owed).limit(1)
        with reading(self._engine) as transaction:
            now = present(transaction, self._clock.now())
            if transaction.execute(due.where(owed <= now)).one_or_none() is None:
                return None
        with writing(self._engine) as transaction:
            now = present(transaction, self._clock.now())
            held = due.where(owed <= now).with_for_update(skip_locked=True)
            found = transaction.execute(held).scalar_one_or_none()
            if found is None:
                return None
            take = (
                sa.update(promises)
                .where(promises.c.definition_id == found)
                .values(
                    ping_due_at=now + lease,
                    ping_tries=sa.func.coalesce(promises.c.ping_tries, 0) + 1,
                )
                .returning(promises.c.ping_url, promises.c.ping_tries)
            )
            taken = transaction.execute(take).one()
            return Ping(
                definition_id=found,
                url=taken.ping_url,
                attempt=taken.ping_tries,
                until=now + lease,
            )

    def settle(
        self, ping: Ping, again_in: timedelta | None, decided: Decision | None = None
    ) -> None:
        """Owe the ping no more, or again later, and write down what was `decided` about it.

        What a newer run owes is left as it is, and nothing is said of what it makes up for.
        """
        mine = (promises.c.definition_id == ping.definition_id) & (
            promises.c.ping_due_at == ping.until
        )
        with writing(self._engine) as transaction:
            now = present(transaction, self._clock.now())
            due = None if again_in is None else now + again_in
            change = sa.update(promises).where(mine).values(ping_due_at=due)
            is_mine = transaction.execute(change).rowcount == 1
            if is_mine and decided is not None:
                add_decisions(transaction, [(ping.definition_id, decided)], now)
