"""Attempts at runs as stored: who began each and when, how it ended, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from definitions.lifecycle import Outcome
from importmgr.store.tables import attempts
from importmgr.store.transactions import Transaction

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAttempt:
    """One attempt at a run; `outcome` is None while it goes on.

    `code` and `text` tell what ended it, `delay` how many seconds the next one waited at least.
    """

    number: int
    owner: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    code: str | None
    text: str | None
    delay: float | None


def begin(transaction: Transaction, run_id: str, token: int, owner: str, now: datetime) -> None:
    """Write down that the holder of the token begins."""
    row = {"run_id": run_id, "number": token, "owner": owner, "started_at": now}
    transaction.execute(sa.insert(attempts).values(row))


def close(transaction: Transaction, run_ids: Sequence[str], ending: Mapping[str, Any]) -> None:
    """Write down how the attempts at some runs ended that still go on, if there are any."""
    of = attempts.c
    goes_on = of.run_id.in_(run_ids) & of.ended_at.is_(None)
    transaction.execute(sa.update(attempts).where(goes_on).values(dict(ending)))


def attempts_of(transaction: Transaction, run_id: str) -> tuple[StoredAttempt, ...]:
    """Return the attempts at a run in order, of very many the last ones."""
    found = sa.select(attempts).where(attempts.c.run_id == run_id)
    newest = found.order_by(attempts.c.number.desc()).limit(MOST_SHOWN)
    rows = transaction.execute(newest).all()
    return tuple(_to_attempt(row) for row in reversed(rows))


def _to_attempt(row: sa.Row[Any]) -> StoredAttempt:
    values = {name: getattr(row, name) for name in StoredAttempt.__slots__}
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return StoredAttempt(**values | {"outcome": outcome})
