"""Moving windows on our own database: exact, however many processes share it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.clock import Clock
from importmgr.store.tables import rate_hits
from importmgr.store.transactions import (
    Transaction,
    is_postgresql,
    present,
    reading,
    writing,
)

MINUTE = 60
_LONGEST = 3600.0  # no window is longer; older hits of anybody may go
_LOCK_FAMILY = 77  # apart from other users of PostgreSQL's advisory locks


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How many hits a window holds, and when (epoch seconds) the oldest of them was."""

    oldest: float
    count: int
    now: float


class DatabaseWindow:
    """Counts hits per key over the last seconds.

    On PostgreSQL the database's clock counts, so that machines need not agree on the time.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and the clock for one that is a file."""
        self._engine = engine
        self._clock = clock

    def acquire(self, key: str, limit: int, seconds: float, amount: int = 1) -> bool:
        """Add `amount` hits if the window has room for all of them; tell whether it had."""
        with writing(self._engine) as transaction:
            _hold(transaction, key)
            now = self._now(transaction)
            gone = (rate_hits.c.key == key) & (rate_hits.c.at <= now - seconds)
            transaction.execute(sa.delete(rate_hits).where(gone))
            counted = sa.select(sa.func.count()).select_from(rate_hits)
            if (
                transaction.execute(counted.where(rate_hits.c.key == key)).scalar_one() + amount
                > limit
            ):
                return False
            transaction.execute(sa.insert(rate_hits), [{"key": key, "at": now}] * amount)
            return True

    def add(self, key: str) -> None:
        """Add a hit, room or not, and forget hits of anybody that are too old to count."""
        with writing(self._engine) as transaction:
            now = self._now(transaction)
            transaction.execute(sa.delete(rate_hits).where(rate_hits.c.at <= now - _LONGEST))
            transaction.execute(sa.insert(rate_hits).values(key=key, at=now))

    def filling(self, key: str, seconds: float) -> Filling:
        """Return what the window of the key holds now."""
        with reading(self._engine) as transaction:
            now = self._now(transaction)
            inside = (rate_hits.c.key == key) & (rate_hits.c.at > now - seconds)
            columns = (sa.func.min(rate_hits.c.at), sa.func.count())
            oldest, count = transaction.execute(sa.select(*columns).where(inside)).one()
            return Filling(oldest=now if oldest is None else oldest, count=count, now=now)

    def clear(self, key: str) -> None:
        """Forget the hits of a key."""
        with writing(self._engine) as transaction:
            transaction.execute(sa.delete(rate_hits).where(rate_hits.c.key == key))

    def _now(self, transaction: Transaction) -> float:
        return present(transaction, self._clock.now()).timestamp()


def _hold(transaction: Transaction, key: str) -> None:
    """Let one transaction at a time count hits of the key; SQLite has only one anyway."""
    if is_postgresql(transaction):
        lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, _LOCK_FAMILY))
        transaction.execute(sa.select(lock))


class FailedLogins:
    """Counts failed logins per address over the last minute."""

    def __init__(self, window: DatabaseWindow, per_minute: int) -> None:
        """Take where to count, and how many failures an address may have."""
        self._window = window
        self._per_minute = per_minute

    def seconds_blocked(self, address: str) -> int:
        """Return how long the address must wait before it may try again; 0 if it may now."""
        filling = self._window.filling(_login(address), MINUTE)
        if filling.count < self._per_minute:
            return 0
        return max(1, math.ceil(filling.oldest + MINUTE - filling.now))

    def add(self, address: str) -> None:
        """Count one failed login."""
        self._window.add(_login(address))


def _login(address: str) -> str:
    return f"login/{address}"
