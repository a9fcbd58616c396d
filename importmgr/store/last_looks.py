"""How the last look for new files went, as stored beside when the next one is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from definitions.watching import LastLook, Tally
from importmgr.store.transactions import Transaction
from importmgr.store.watch_tables import watches

COUNTED = ("matched", "older", "waiting", "taken", "passed_over")


def added_up(tally: Tally) -> dict[str, Any]:
    """Return what to write of a look, together with what else was found at the same moment.

    A definition with dates in its path may have several folders that are looked at.
    """
    of = watches.c
    is_same = of.looked_at == tally.at
    counts: dict[str, Any] = {
        name: sa.case((is_same, of[name] + getattr(tally, name)), else_=getattr(tally, name))
        for name in COUNTED
    }
    if tally.changed:
        return counts | {"unchanged": 0, "changed_at": tally.at}
    once_more = sa.func.coalesce(of.unchanged, 0) + 1
    counts["unchanged"] = sa.case((is_same, of.unchanged), else_=once_more)
    return counts | {"changed_at": sa.func.coalesce(of.changed_at, tally.at)}


def read_last_look(
    transaction: Transaction, definition_id: str, every: timedelta
) -> LastLook | None:
    """Return how the last look at a definition's files went, if there was one."""
    found = sa.select(watches).where(
        watches.c.definition_id == definition_id, watches.c.looked_at.is_not(None)
    )
    row = transaction.execute(found).one_or_none()
    if row is None:
        return None
    counts = {name: getattr(row, name) or 0 for name in (*COUNTED, "unchanged")}
    return LastLook(
        at=row.looked_at,
        every=every,
        held_back=row.held_back,
        changed_at=row.changed_at,
        failures=row.failures,
        failing_since=row.failing_since,
        **counts,
    )
