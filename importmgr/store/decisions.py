"""Decisions as stored: what the service decided by itself about a definition, kept for a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.decisions import Decision, DecisionCode, Facts
from importmgr.store.tables import decisions
from importmgr.store.transactions import Transaction, reading, writing

PRUNED_AT_ONCE = 10_000  # rows, so that nobody waits long for the end of it


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A decision and when it was made; its code may be one of a newer release."""

    at: datetime
    code: str
    facts: Facts


def add_decisions(
    transaction: Transaction, made: Iterable[tuple[str, Decision]], at: datetime
) -> None:
    """Write down decisions, each with the id of its definition, with what they are about."""
    rows = [
        {
            "definition_id": definition_id,
            "at": at,
            "code": decision.code.value,
            "facts": dict(decision.facts),
        }
        for definition_id, decision in made
    ]
    if rows:
        transaction.execute(sa.insert(decisions), rows)


class DecisionStore:
    """Keeps decisions in the order they were made."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine

    def add(
        self, transaction: Transaction, made: Iterable[tuple[str, Decision]], at: datetime
    ) -> None:
        """Write down decisions, each with the id of its definition, with what they are about."""
        add_decisions(transaction, made, at)

    def tell(self, definition_id: str, made: Iterable[Decision], at: datetime) -> None:
        """Write down decisions about one definition by themselves."""
        with writing(self._engine) as transaction:
            self.add(transaction, [(definition_id, decision) for decision in made], at)

    def last(
        self, transaction: Transaction, definition_id: str, code: DecisionCode
    ) -> Facts | None:
        """Return the facts of a definition's last decision of that kind, if one is kept."""
        mine = (decisions.c.definition_id == definition_id) & (decisions.c.code == code.value)
        found = sa.select(decisions.c.facts).where(mine).order_by(decisions.c.id.desc()).limit(1)
        facts: Facts | None = transaction.execute(found).scalar_one_or_none()
        return facts

    def list(
        self, definition_id: str, limit: int, offset: int, since: datetime | None
    ) -> tuple[list[StoredDecision], int]:
        """Return one page of a definition's decisions, the newest first, and how many there are."""
        mine = decisions.c.definition_id == definition_id
        if since is not None:
            mine &= decisions.c.at >= since
        count = sa.select(sa.func.count()).select_from(decisions).where(mine)
        page = sa.select(decisions).where(mine).order_by(decisions.c.id.desc())
        with reading(self._engine) as transaction:
            total = transaction.execute(count).scalar_one()
            rows = transaction.execute(page.limit(limit).offset(offset)).all()
        return [StoredDecision(at=row.at, code=row.code, facts=row.facts) for row in rows], total

    def prune(self, before: datetime) -> int:
        """Forget some of the decisions made before then; tell how many."""
        old = (
            sa.select(decisions.c.id)
            .where(decisions.c.at < before)
            .order_by(decisions.c.at)
            .limit(PRUNED_AT_ONCE)
        )
        with reading(self._engine) as transaction:
            ids = transaction.execute(old).scalars().all()
        if not ids:
            return 0
        with writing(self._engine) as transaction:
            transaction.execute(sa.delete(decisions).where(decisions.c.id.in_(old)))
        return len(ids)
