"""Deliveries as stored: queued, claimed by one sender at a time, settled, looked at.

A claim holds the receiver, not the delivery: nobody is sent two things at once, and one that is
slow keeps one sender busy. It ends by itself when its sender dies; what was sent meanwhile is sent
again, under the same id. Lock order: the receiver, then its deliveries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.decisions import Decision
from definitions.delivery import DeliveryState, Settlement, Try
from importmgr.clock import Clock
from importmgr.store.notices import Origin, tell_missed
from importmgr.store.receivers import StoredReceiver, to_receiver
from importmgr.store.tables import deliveries, receivers
from importmgr.store.transactions import (
    Also,
    Transaction,
    is_storable,
    nothing,
    present,
    reading,
    writing,
)

MOST_TRIES = 20  # of a delivery that are remembered
PRUNED_AT_ONCE = 10_000  # rows, so that nobody waits long for the end of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A delivery to be made now, and to whom; `token` proves that it is ours."""

    number: int
    notice_id: str
    type: str
    body: str
    attempt: int
    receiver: StoredReceiver
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDelivery:
    """What was, or is to be, sent to a receiver, and how the last tries went."""

    notice_id: str
    type: str
    at: datetime
    state: DeliveryState
    attempt: int
    due_at: datetime
    tries: Sequence[dict[str, Any]]


class DeliveryStore:
    """Keeps deliveries.

    On PostgreSQL the database's clock says what is due: machines need not agree on the time.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the database, and our own clock."""
        self._engine = engine
        self._clock = clock

    def tell_missed(
        self, transaction: Transaction, origin: Origin, made: Sequence[Decision], now: datetime
    ) -> None:
        """Queue what is told of instants that were decided to have no run, if there are any."""
        tell_missed(transaction, origin, made, now)

    def claim(self, lease: timedelta) -> Errand | None:
        """Take the delivery that is due longest, or return None; looking in vain only reads."""
        with reading(self._engine) as transaction:
            if transaction.execute(_due(self._now(transaction))).one_or_none() is None:
                return None
        with writing(self._engine) as transaction:
            now = self._now(transaction)
            held = _due(now).with_for_update(skip_locked=True, key_share=True, of=receivers)
            found = transaction.execute(held).one_or_none()
            if found is None:
                return None
            take = (
                sa.update(receivers)
                .where(receivers.c.id == found.receiver_id)
                .values(free_at=now + lease, token=receivers.c.token + 1)
                .returning(*receivers.c)
            )
            receiver = transaction.execute(take).one()
            mine = sa.select(deliveries).where(deliveries.c.number == found.number)
            return _errand(transaction.execute(mine).one(), receiver)

    def settle(self, errand: Errand, made: Try, settlement: Settlement) -> bool:
        """Write down what came of an errand; tell whether it was still ours.

        A receiver that is disabled gets nothing of what waits for it.
        """
        record = settlement.record
        with writing(self._engine) as transaction:
            skew = self._now(transaction) - self._clock.now()
            change: dict[str, Any] = {
                "free_at": settlement.free_at + skew,
                "failures": record.failures,
                "failing_since": record.failing_since,
            }
            if settlement.disabled is not None:
                change |= {"active": False, "disabled": settlement.disabled}
            ours = (receivers.c.id == errand.receiver.id) & (receivers.c.token == errand.token)
            if not transaction.execute(sa.update(receivers).where(ours).values(change)).rowcount:
                return False
            _note(transaction, errand, made, settlement, skew)
            if settlement.disabled is not None:
                waiting = (deliveries.c.receiver_id == errand.receiver.id) & _is_pending()
                transaction.execute(
                    sa.update(deliveries).where(waiting).values(state=DeliveryState.FAILED)
                )
        return True

    def redeliver(self, receiver_id: str, notice_id: str, *, also: Also = nothing) -> bool:
        """Queue a delivery with all its tries before it, do `also`; tell whether it was there."""
        if not is_storable(notice_id):
            return False
        mine = (deliveries.c.receiver_id == receiver_id) & (deliveries.c.notice_id == notice_id)
        with writing(self._engine) as transaction:
            change = {
                "state": DeliveryState.PENDING,
                "attempt": 0,
                "due_at": self._now(transaction),
            }
            done = transaction.execute(sa.update(deliveries).where(mine).values(change))
            if done.rowcount:
                also(transaction)
        return done.rowcount == 1

    def list(
        self, receiver_id: str, state: DeliveryState | None, limit: int, offset: int
    ) -> tuple[list[StoredDelivery], int]:
        """Return one page of a receiver's deliveries, the newest first, and how many there are."""
        mine = deliveries.c.receiver_id == receiver_id
        if state is not None:
            mine &= deliveries.c.state == state
        count = sa.select(sa.func.count()).select_from(deliveries).where(mine)
        page = sa.select(deliveries).where(mine).order_by(deliveries.c.number.desc())
        with reading(self._engine) as transaction:
            total = transaction.execute(count).scalar_one()
            rows = transaction.execute(page.limit(limit).offset(offset)).all()
        return [_to_delivery(row) for row in rows], total

    def pending(self) -> int:
        """Return how many deliveries are still to be made."""
        counted = sa.select(sa.func.count()).select_from(deliveries).where(_is_pending())
        with reading(self._engine) as transaction:
            return int(transaction.execute(counted).scalar_one())

    def prune(self, before: datetime) -> int:
        """Forget some of what was told before then and is not to be sent any more."""
        old = (
            sa.select(deliveries.c.number)
            .where(deliveries.c.at < before, deliveries.c.state != DeliveryState.PENDING)
            .order_by(deliveries.c.at)
            .limit(PRUNED_AT_ONCE)
        )
        with reading(self._engine) as transaction:
            if not transaction.execute(old.limit(1)).all():
                return 0
        with writing(self._engine) as transaction:
            forget = sa.delete(deliveries).where(deliveries.c.number.in_(old))
            return transaction.execute(forget).rowcount

    def _now(self, transaction: Transaction) -> datetime:
        return present(transaction, self._clock.now())


def _is_pending() -> sa.ColumnElement[bool]:
    """Return the condition under which a delivery is still to be made, as its index has it."""
    return deliveries.c.state == sa.literal_column(f"'{DeliveryState.PENDING}'")


def _due(now: datetime) -> sa.Select[Any]:
    """Return the query of the delivery to make next."""
    return (
        sa.select(deliveries.c.number, deliveries.c.receiver_id)
        .join(receivers, receivers.c.id == deliveries.c.receiver_id)
        .where(
            _is_pending(),
            deliveries.c.due_at <= now,
            receivers.c.active,
            receivers.c.free_at <= now,
        )
        .order_by(deliveries.c.due_at, deliveries.c.number)
        .limit(1)
    )


def _note(
    transaction: Transaction, errand: Errand, made: Try, settlement: Settlement, skew: timedelta
) -> None:
    """Write down the try and what becomes of the delivery."""
    this = deliveries.c.number == errand.number
    known = transaction.execute(sa.select(deliveries.c.tries).where(this)).scalar_one()
    told = {
        "at": made.at.timestamp(),
        "milliseconds": round(made.milliseconds, 1),
        "status": made.status,
        "error": made.error,
        "answer": made.answer,
    }
    change = {
        "state": settlement.state,
        "attempt": errand.attempt,
        "due_at": settlement.due_at + skew,
        "tries": [*known, told][-MOST_TRIES:],
    }
    transaction.execute(sa.update(deliveries).where(this).values(change))


def _errand(row: sa.Row[Any], receiver: sa.Row[Any]) -> Errand:
    return Errand(
        number=row.number,
        notice_id=row.notice_id,
        type=row.type,
        body=row.body,
        attempt=row.attempt + 1,
        receiver=to_receiver(receiver),
        token=receiver.token,
    )


def _to_delivery(row: sa.Row[Any]) -> StoredDelivery:
    return StoredDelivery(
        notice_id=row.notice_id,
        type=row.type,
        at=row.at,
        state=DeliveryState(row.state),
        attempt=row.attempt,
        due_at=row.due_at,
        tries=row.tries,
    )
