"""How two transactions of one run share a lock on PostgreSQL, and nobody else.

Whoever writes alone holds the lock; transactions of runs share it, which keeps those out. Two runs
are kept apart by the lock's two sides. Each transaction of a run holds one of them, and the next
one takes the other before that is given up: so the run as a whole never lets go. Another run, which
needs side 0 and then side 1, comes in only between (hand-over-hand locking, Bayer and Schkolnick
1977). Nobody waits for the other side while holding one. Whoever waits for the lock keeps the next
transaction of the run out, which then waits behind him; whoever waits for a side lets one more in.
"""

# tested by: tests/contract/test_lanes.py

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

# A side is a lock of its own: the seed makes another number of the same name.
_SHARE = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))")
_TAKE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 1 + :side))")
_JOIN = text("""
SELECT CASE WHEN pg_try_advisory_xact_lock_shared(hashtextextended(:name, 0))
  THEN pg_try_advisory_xact_lock(hashtextextended(:name, 1 + :side)) ELSE false END
""")  # in that order: a side alone could be what another run waits for, which we would wait for


class LockSides:
    """The two sides of a lock."""

    def enter(self, connection: Connection, name: str) -> None:
        """Wait until no other run is in, then hold side 0."""
        connection.execute(_SHARE, {"name": name})
        connection.execute(_TAKE, {"name": name, "side": 0})
        with connection.begin_nested() as looking:
            connection.execute(_TAKE, {"name": name, "side": 1})
            looking.rollback()  # side 1 is free again, for the run's next transaction

    def join(self, connection: Connection, name: str, side: int) -> bool:
        """Hold a side beside the run's other transaction, or tell that somebody waits."""
        return bool(connection.execute(_JOIN, {"name": name, "side": side}).scalar())

    def reserve(self, connection: Connection, tables: Sequence[str]) -> None:
        """Lock the tables as writing to them does."""
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE")


SIDES: Final = LockSides()
