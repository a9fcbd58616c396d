"""Runs as stored: queued, claimed, watched over and ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.brakes import History
from definitions.decisions import DecisionCode
from definitions.errors import ImportmgrError, StoreBusyError
from definitions.faults import Fault
from definitions.lifecycle import WAITING, Outcome
from destinations.tables import run_faults
from importmgr.clock import Clock
from importmgr.log import get_logger
from importmgr.store import attempts, claims, reaping
from importmgr.store.attempts import StoredAttempt
from importmgr.store.braking import explain_brake, history_of
from importmgr.store.faults import to_fault
from importmgr.store.frozen import end_frozen
from importmgr.store.hearing import Hear, hear_ends
from importmgr.store.news import announce
from importmgr.store.outcomes import explain_failed
from importmgr.store.queueing import queue, queue_scheduled, waiting
from importmgr.store.run_lists import RunFilter, list_runs
from importmgr.store.run_values import (
    Braked,
    Claim,
    Ending,
    NewRun,
    OpenedFile,
    Run,
    select_runs,
    to_run,
)
from importmgr.store.tables import is_queued, runs
from importmgr.store.transactions import (
    Also,
    Transaction,
    is_storable,
    nothing,
    present,
    reading,
    wait_briefly,
    writing,
)

log = get_logger(__name__)

MOST_RUNNING = 10  # of a project, unless it or the installation says otherwise

__all__ = ["Braked", "Claim", "Ending", "NewRun", "OpenedFile", "Run", "RunStore"]


class RunStore:
    """Keeps runs; whoever claims one holds it under a lease and writes under its token.

    On PostgreSQL leases and delays go by the database's clock: machines need not agree on the time.
    """

    def __init__(self, engine: Engine, clock: Clock, most_running: int = MOST_RUNNING) -> None:
        """Take the database, our own clock, and how many runs a project may have at a time."""
        self._engine = engine
        self._clock = clock
        self._most_running = most_running

    def queue(
        self,
        transaction: Transaction | None,
        run: NewRun,
        *,
        max_waiting: int,
        also: Also = nothing,
    ) -> Run:
        """Put a run behind those of its definition that wait already, and return it.

        It happens in `transaction` if there is one, else in one of its own with `also`. Asking a
        second time for the run of one scheduled instant returns the first. Raise `LimitError` if
        `max_waiting` runs of the definition wait, `NotFoundError` if it was deleted meanwhile.
        """
        if transaction is not None:
            return queue(transaction, run, max_waiting)
        with writing(self._engine) as own:
            queued = queue(own, run, max_waiting)
            also(own)
            return queued

    def queue_scheduled(self, transaction: Transaction, scheduled: Sequence[NewRun]) -> None:
        """Put runs into the queue that were decided while their definitions are held."""
        queue_scheduled(transaction, scheduled)

    def waiting(self, transaction: Transaction, definition_id: str) -> int:
        """Return how many runs of a definition wait."""
        return waiting(transaction, definition_id)

    def get(self, definition_id: str, run_id: str) -> Run | None:
        """Return one run of a definition."""
        if not is_storable(run_id):
            return None
        one = (runs.c.id == run_id) & (runs.c.definition_id == definition_id)
        with reading(self._engine) as transaction:
            row = transaction.execute(select_runs().where(one)).one_or_none()
        return None if row is None else to_run(row)

    def list(self, wanted: RunFilter, limit: int, offset: int) -> tuple[list[Run], int]:
        """Return one page of runs, the newest first, and how many there are."""
        with reading(self._engine) as transaction:
            return list_runs(transaction, wanted, limit, offset)

    def faults_of(self, run_ids: Sequence[str], limit: int) -> Mapping[str, Sequence[Fault]]:
        """Return the first faults of each of these runs that has any, in file order."""
        first = sa.select(run_faults).where(
            run_faults.c.run_id.in_(run_ids), run_faults.c.number <= limit
        )
        found: dict[str, list[Fault]] = {}
        with reading(self._engine) as transaction:
            for row in transaction.execute(first.order_by(run_faults.c.number)):
                found.setdefault(row.run_id, []).append(to_fault(row))
        return found

    def ended(self, run_ids: Sequence[str]) -> set[str]:
        """Return which of these runs have reached their last state."""
        over = sa.select(runs.c.id).where(runs.c.id.in_(run_ids), runs.c.finished_at.is_not(None))
        with reading(self._engine) as transaction:
            return set(transaction.execute(over).scalars())

    @contextmanager
    def left_waiting(self, run_id: str) -> Iterator[bool]:
        """Tell whether a run waits; if it does, nobody takes it up until the block ends."""
        waits = sa.select(runs.c.number).where(runs.c.id == run_id, runs.c.state.in_(WAITING))
        with writing(self._engine) as transaction:
            found = transaction.execute(waits.with_for_update(skip_locked=True))
            yield found.one_or_none() is not None

    def counts(self) -> dict[str, int]:
        """Return how many runs there are in each state that is not the last."""
        unfinished = sa.select(runs.c.state, sa.func.count()).where(runs.c.finished_at.is_(None))
        with reading(self._engine) as transaction:
            rows = transaction.execute(unfinished.group_by(runs.c.state)).all()
        return {row[0]: row[1] for row in rows}

    def hear_ends(self, hear: Hear) -> None:
        """Call `hear` for each run that this process ends, when that is committed."""
        hear_ends(self._engine, hear)

    def longest_wait(self) -> timedelta:
        """Return how long the run that may start and has waited longest could have started."""
        with reading(self._engine) as transaction:
            now = self._now(transaction)
            waits = sa.select(sa.func.min(runs.c.not_before)).where(is_queued())
            since = transaction.execute(waits).scalar_one()
            return timedelta(0) if since is None else max(now - since, timedelta(0))

    def claim(self, owner: str, lease: timedelta) -> Claim | None:
        """Take the next run that may start, or return None.

        Of any number of callers one gets it. Runs of one definition start in the order they were
        asked for, one at a time; no project has more in hand than it may have. Looking in vain only
        reads.
        """
        with reading(self._engine) as transaction:
            terms = {"now": self._now(transaction), "most": self._most_running}
            if transaction.execute(claims.next_due(), terms).one_or_none() is None:
                return None
        with writing(self._engine) as transaction:
            claimer = claims.Claimer(owner=owner, lease=lease, most=self._most_running)
            return claims.claim(transaction, claimer, self._clock.now())

    def running(self, run_id: str, token: int, source_location: str | None) -> None:
        """Note that batches begin to load, from where; raise `LostLeaseError` if it is not ours."""
        with writing(self._engine) as transaction:
            claims.running(transaction, run_id, token, source_location)

    def heartbeat(self, run_id: str, token: int, lease: timedelta) -> bool:
        """Let the lease begin anew; tell whether the run is still ours."""
        with writing(self._engine) as transaction:
            return claims.heartbeat(transaction, run_id, token, self._now(transaction) + lease)

    def is_ours(self, run_id: str, token: int) -> bool:
        """Tell whether the run is still ours; this only reads."""
        with reading(self._engine) as transaction:
            return claims.is_ours(transaction, run_id, token)

    def file_opened(
        self, run_id: str, token: int, opened: OpenedFile, warnings: tuple[str, ...]
    ) -> None:
        """Note that a file begins to load, and how; raise `LostLeaseError` if it is not ours."""
        with writing(self._engine) as transaction:
            claims.running(transaction, run_id, token, opened.file)
            claims.add_file(transaction, run_id, opened)
            claims.warn(transaction, run_id, warnings)

    def add_warnings(self, run_id: str, token: int, texts: tuple[str, ...]) -> None:
        """Add what a person should look at; raise `LostLeaseError` if the run is not ours."""
        with writing(self._engine) as transaction:
            claims.add_warnings(transaction, run_id, token, texts)

    def finish(self, run_id: str, token: int, ending: Ending, now: datetime) -> None:
        """End the run with the counts of its ledger; raise `LostLeaseError` if it is not ours."""
        with writing(self._engine) as transaction:
            claims.finish(transaction, run_id, token, ending, now)

    def brake(self, run_id: str, token: int, braked: Braked) -> None:
        """Let the run wait for a person; raise `LostLeaseError` if it is not ours."""
        with writing(self._engine) as transaction:
            claims.brake(transaction, run_id, token, braked, self._clock.now())

    def warn_of(self, run_id: str, token: int, braked: Braked) -> None:
        """Tell of a brake that lets the run go on; raise `LostLeaseError` if it is not ours."""
        with writing(self._engine) as transaction:
            claims.add_warnings(transaction, run_id, token, (braked.text,))
            code = DecisionCode.BRAKE_WARNED
            explain_brake(transaction, run_id, code, braked, self._clock.now())

    def note_columns(self, run_id: str, token: int, columns: Sequence[str]) -> None:
        """Note what the columns of a file are; raise `LostLeaseError` if the run is not ours."""
        with writing(self._engine) as transaction:
            claims.note_columns(transaction, run_id, token, columns)

    def history(self, definition_id: str, count: int) -> History:
        """Return what the last `count` completed runs of a definition were like."""
        with reading(self._engine) as transaction:
            return history_of(transaction, definition_id, count)

    def attempts(self, run_id: str) -> tuple[StoredAttempt, ...]:
        """Return the attempts at a run in order, of very many the last ones."""
        with reading(self._engine) as transaction:
            return attempts.attempts_of(transaction, run_id)

    def count_failure(self, run_id: str, token: int) -> int:
        """Count a failure that may pass; return how many there were since the run got further.

        Raise `LostLeaseError` if it is not ours.
        """
        with writing(self._engine) as transaction:
            return claims.count_failure(transaction, run_id, token)

    def requeue(self, run_id: str, token: int, delay: timedelta, *, error: ImportmgrError) -> None:
        """Give the run back for another attempt after `delay`, because of `error`.

        Raise `LostLeaseError` if it is not ours.
        """
        change: dict[str, Any] = {"error": str(error), "reason_code": error.code}
        with writing(self._engine) as transaction:
            now = self._now(transaction)
            change["not_before"] = now + delay
            claims.give_back(transaction, run_id, token, change)
            told = {"code": error.code, "text": str(error), "delay": delay.total_seconds()}
            ending = {"outcome": Outcome.AGAIN, "ended_at": self._clock.now(), **told}
            attempts.close(transaction, [run_id], ending)
            explain_failed(transaction, run_id, error, now + delay, now)

    def release(self, run_id: str, token: int) -> None:
        """Give the run back as if this attempt had not been; raise `LostLeaseError` if not ours."""
        change: dict[str, Any] = {"attempt": runs.c.attempt - 1}
        with writing(self._engine) as transaction:
            claims.give_back(transaction, run_id, token, change)
            ending = {"outcome": Outcome.RELEASED, "ended_at": self._clock.now()}
            attempts.close(transaction, [run_id], ending)
            announce(transaction)

    def requeue_owned(self, owner: str) -> int:
        """Return the runs of an owner that is known to be dead to the queue; tell how many."""
        return self._take_from_dead(reaping.owned_by(owner))

    def reap(self) -> int:
        """Return runs whose lease ran out to the queue; tell how many there were.

        What a frozen executor left open is ended first: it may hold what others wait for.
        """
        with reading(self._engine) as transaction:
            end_frozen(transaction)
            now = self._now(transaction)
        return self._take_from_dead(reaping.expired(now))

    def _now(self, transaction: Transaction) -> datetime:
        return present(transaction, self._clock.now())

    def _take_from_dead(self, dead: sa.ColumnElement[bool]) -> int:
        """Take them one by one: a frozen executor may still hold the ledger of one of them."""
        with reading(self._engine) as transaction:
            numbers = transaction.execute(sa.select(runs.c.number).where(dead)).scalars().all()
        return sum(self._take_one(dead & (runs.c.number == number)) for number in numbers)

    def _take_one(self, dead: sa.ColumnElement[bool]) -> int:
        try:
            with writing(self._engine) as transaction:
                wait_briefly(transaction)
                return reaping.take_from_dead(transaction, dead, self._clock.now())
        except StoreBusyError as exc:
            log.warning("run not taken from its owner", error=str(exc))
            return 0
