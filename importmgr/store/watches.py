"""Definitions that wait for new files, as stored: when to look, and what was seen.

Whoever looks claims a place for a while, under a token; nothing is held while a storage is asked.
What came of it is written while the definition is held, and only under that token: a watcher whose
claim ran out, or whose definition was switched off, writes nothing. Lock order: the definition,
then its watch, then its runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.watching import LastLook, Tally, next_look
from importmgr.clock import Clock
from importmgr.store.definitions import StoredDefinition, to_definition
from importmgr.store.last_looks import added_up, read_last_look
from importmgr.store.tables import definitions, watches
from importmgr.store.transactions import Transaction, present, reading, writing

AT_ONCE = 500  # definitions in one claim
FIRST = 1  # token: of the first claim
_TOLD = (
    "token",
    "next_look_at",
    "covered_until",
    "failures",
    "failing_since",
    "held_back",
    "passed_over",
)
_UNTROUBLED: dict[str, Any] = {"failures": 0, "failing_since": None, "held_back": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A definition that is ours to look for, since when that is due, and how looks before went.

    What was meant before `covered_until` was found. `held_back` files were ready at the last look,
    when too many runs waited; so many others were `passed_over`.
    """

    definition: StoredDefinition
    place: str
    token: int
    claimed_until: datetime
    due_at: datetime
    covered_until: datetime | None
    failures: int
    failing_since: datetime | None
    held_back: int
    passed_over: int = 0

    @property
    def is_first(self) -> bool:
        """Tell whether nobody has looked for the definition's files before."""
        return self.token == FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What a look leaves behind: when the next one is due, and how it went.

    One that failed at `looked_at` has no tally. Without `covered_until` that stays as it is.
    """

    next_look_at: datetime
    looked_at: datetime
    covered_until: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    held_back: int = 0
    tally: Tally | None = None


class WatchStore:
    """Keeps watches; on PostgreSQL the database's clock says which are due."""

    def __init__(self, engine: Engine, clock: Clock, every: timedelta) -> None:
        """Take the database, our own clock, and how often each place is looked at."""
        self._engine = engine
        self._clock = clock
        self.every = every

    def now(self, transaction: Transaction) -> datetime:
        """Return the time that all who share the database agree on."""
        return present(transaction, self._clock.now())

    def look_at_clock(self) -> datetime:
        """Return the same, to somebody who has no transaction."""
        with reading(self._engine) as transaction:
            return self.now(transaction)

    def begin(self, transaction: Transaction, definition_id: str, place: str) -> None:
        """Look for a definition's files from now on; what was seen before is remembered."""
        row = {
            "place": place,
            "next_look_at": next_look(place, self.now(transaction), self.every),
            **_UNTROUBLED,
        }
        mine = watches.c.definition_id == definition_id
        again = sa.update(watches).where(mine).values(**row, token=watches.c.token + 1)
        if transaction.execute(again).rowcount == 0:
            row |= {"definition_id": definition_id, "token": 0}
            transaction.execute(sa.insert(watches).values(row))

    def end(self, transaction: Transaction, definition_id: str) -> None:
        """Look no more; a look that has begun comes to nothing, even if it begins anew at once."""
        mine = watches.c.definition_id == definition_id
        off = sa.update(watches).where(mine).values(next_look_at=None, token=watches.c.token + 1)
        transaction.execute(off)

    def unwatched(self) -> list[StoredDefinition]:
        """Return the active definitions that wait for files, but are not looked for."""
        waits = sa.cast(definitions.c.document, sa.Text).contains('"on_new_file"')
        is_watched = sa.exists().where(
            watches.c.definition_id == definitions.c.id, watches.c.next_look_at.is_not(None)
        )
        alive = definitions.c.active & definitions.c.deleted_at.is_(None)
        with reading(self._engine) as transaction:
            found = transaction.execute(sa.select(definitions).where(alive, waits, ~is_watched))
            return [to_definition(row) for row in found]

    def take_in(self, definition_id: str, place: str) -> None:
        """Look for the files of an active definition, unless somebody does already."""
        with writing(self._engine) as transaction:
            if not _hold_active(transaction, definition_id):
                return
            mine = watches.c.definition_id == definition_id
            found = sa.select(watches.c.token).where(mine, watches.c.next_look_at.is_not(None))
            if transaction.execute(found).one_or_none() is None:
                self.begin(transaction, definition_id, place)

    def claim(self, lease: timedelta) -> list[Watched]:
        """Take a place that is due, with all definitions that share it; none if none is due."""
        with reading(self._engine) as transaction:
            if transaction.execute(_next_due(self.now(transaction))).one_or_none() is None:
                return []
        with writing(self._engine) as transaction:
            now = self.now(transaction)
            held = _next_due(now).with_for_update(skip_locked=True)
            place = transaction.execute(held).scalar_one_or_none()
            if place is None:
                return []
            found = _claimed(transaction, place, now, now + lease)
            taken = [watched.definition.id for watched in found]
            take = sa.update(watches).where(watches.c.definition_id.in_(taken))
            transaction.execute(take.values(token=watches.c.token + 1, next_look_at=now + lease))
        return found

    def renew(self, claimed: Sequence[Watched], until: datetime, lease: timedelta) -> datetime:
        """Let those of the claims that ran `until` then, and are still ours, last from now on.

        Return until when they last; who gave a claim back is looked for when that was said.
        """
        which = sa.update(watches).where(
            watches.c.definition_id == sa.bindparam("whose"),
            watches.c.token == sa.bindparam("ours"),
            watches.c.next_look_at == until,
        )
        keys = [{"whose": each.definition.id, "ours": each.token} for each in claimed]
        with writing(self._engine) as transaction:
            later = self.now(transaction) + lease
            transaction.execute(which.values(next_look_at=later), keys)
        return later

    def hold(self, transaction: Transaction, watched: Watched) -> bool:
        """Hold a definition whose claim is still ours to the end of the transaction; tell if so."""
        if not _hold_active(transaction, watched.definition.id):
            return False
        keep = sa.update(watches).where(_ours(watched)).values(token=watched.token)
        return transaction.execute(keep).rowcount == 1

    def rest(self, transaction: Transaction, watched: Watched, rest: Rest) -> None:
        """Give a claim back, if it is still ours."""
        told = {name: getattr(rest, name) for name in Rest.__slots__ if name != "tally"}
        if rest.covered_until is None:
            del told["covered_until"]
        values = told if rest.tally is None else told | added_up(rest.tally)
        transaction.execute(sa.update(watches).where(_ours(watched)).values(values))

    def go_on(self, transaction: Transaction, watched: Watched, tally: Tally) -> None:
        """Write down what one of several folders held, and keep the claim, if it is still ours."""
        values = {"looked_at": tally.at, **added_up(tally)}
        transaction.execute(sa.update(watches).where(_ours(watched)).values(values))

    def last_look(self, definition_id: str) -> LastLook | None:
        """Return how the last look at a definition's files went, if there was one."""
        with reading(self._engine) as transaction:
            return read_last_look(transaction, definition_id, self.every)


def _hold_active(transaction: Transaction, definition_id: str) -> bool:
    """Hold a definition that is active to the end of the transaction; tell whether it is."""
    alive = definitions.c.active & definitions.c.deleted_at.is_(None)
    held = sa.select(definitions.c.id).where(definitions.c.id == definition_id, alive)
    found = transaction.execute(held.with_for_update(key_share=True))
    return found.one_or_none() is not None


def _next_due(now: datetime) -> sa.Select[Any]:
    """Return the query of the place that is due longest."""
    due = sa.select(watches.c.place).where(watches.c.next_look_at <= now)
    return due.order_by(watches.c.next_look_at).limit(1)


def _claimed(transaction: Transaction, place: str, now: datetime, until: datetime) -> list[Watched]:
    """Hold what is due of a place and return it as it will be once the claim is written."""
    both = watches.join(definitions, definitions.c.id == watches.c.definition_id)
    columns = [watches.c[name] for name in _TOLD]
    found = (
        sa.select(definitions, *columns)
        .select_from(both)
        .where(watches.c.place == place, watches.c.next_look_at <= now)
        .order_by(watches.c.next_look_at, watches.c.definition_id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=watches)
    )
    return [
        Watched(
            definition=to_definition(row),
            place=place,
            token=row.token + 1,
            claimed_until=until,
            covered_until=row.covered_until,
            due_at=row.next_look_at,
            failures=row.failures,
            failing_since=row.failing_since,
            held_back=row.held_back,
            passed_over=row.passed_over or 0,
        )
        for row in transaction.execute(found)
    ]


def _ours(watched: Watched) -> sa.ColumnElement[bool]:
    same = watches.c.definition_id == watched.definition.id
    return same & (watches.c.token == watched.token)
