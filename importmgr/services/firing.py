"""Firing definitions by the clock: what is due is decided, its runs queued, all of it written down.

For one definition that is one transaction: runs, decisions and the next instant, or none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfoNotFoundError

from definitions.decisions import Decision, DecisionCode
from definitions.errors import StoreBusyError
from definitions.firing import Due, FiringTerms, Plan, plan
from definitions.lifecycle import Cause
from definitions.running import priority_of
from definitions.schedule import stamp
from importmgr.log import get_logger
from importmgr.metrics import Metrics
from importmgr.services.timing import NO_SCHEDULE, UNREADABLE, schedule_of, silent
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.definitions import Transaction
from importmgr.store.notices import Origin
from importmgr.store.runs import NewRun
from importmgr.store.schedules import DueDefinition, Timing

log = get_logger(__name__)

AT_ONCE = 200  # definitions in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """A definition and what becomes of it."""

    definition: DueDefinition
    plan: Plan
    timing: Timing


class Firing:
    """Fires what is due; any number of processes may do so at the same time."""

    def __init__(
        self, database: Database, stores: Stores, terms: FiringTerms, metrics: Metrics
    ) -> None:
        """Take the stores, what holds for every schedule, and where lags are counted."""
        self._database = database
        self._schedules = stores.schedules
        self._decisions = stores.decisions
        self._runs = stores.runs
        self._deliveries = stores.deliveries
        self._terms = terms
        self._metrics = metrics

    def fire_due(self) -> int:
        """Decide everything that is due now; tell how many definitions that were.

        What cannot be decided now, as the database is busy or somebody else holds it, stays due.
        """
        count = 0
        while self._schedules.is_any_due():
            decided, left = self._fire_some()
            done = decided + sum(self._fire_one(definition_id) for definition_id in left)
            count += done
            if not done:
                break
        return count

    def _fire_some(self) -> tuple[int, list[str]]:
        """Decide a batch; return how many, and whose running runs have to be cancelled first.

        Cancelling waits for a batch that is being committed, so nobody else may hang on it.
        """
        with self._database.writing() as transaction:
            now = self._schedules.now(transaction)
            found = self._schedules.due(transaction, now, AT_ONCE)
            decided = [self._decide(definition, now) for definition in found]
            gentle = [each for each in decided if not each.plan.cancel]
            self._carry_out(transaction, gentle, now)
        self._count(gentle, now)
        return len(gentle), [each.definition.id for each in decided if each.plan.cancel]

    def _fire_one(self, definition_id: str) -> int:
        """Decide one definition that may cancel runs; one that cannot be had now stays due."""
        try:
            with self._database.writing() as transaction:
                now = self._schedules.now(transaction)
                found = self._schedules.due_one(transaction, definition_id, now)
                decided = [self._decide(each, now) for each in found]
                self._carry_out(transaction, decided, now)
        except StoreBusyError as exc:
            log.warning("definition not fired yet", definition_id=definition_id, error=str(exc))
            return 0
        self._count(decided, now)
        return len(found)

    def _decide(self, definition: DueDefinition, now: datetime) -> _Decided:
        """Make the plan for a definition; what cannot be computed is not tried again and again."""
        try:
            schedule = schedule_of(definition.document, definition.created_at)
        except ZoneInfoNotFoundError as exc:
            return _unreadable(definition, now, UNREADABLE, str(exc))
        if schedule is None:
            return _unreadable(definition, now, NO_SCHEDULE, "the definition has no schedule")
        made = plan(
            Due(
                schedule=schedule,
                decided_until=definition.decided_until or now,
                ran=definition.ran,
                unfinished=definition.unfinished,
                waiting=definition.waiting,
                paused=definition.paused,
            ),
            now,
            self._terms,
        )
        timing = Timing(
            next_fire_at=made.next_fire_at,
            decided_until=made.decided_until,
            timezone=schedule.timezone.key,
            stamp=stamp(schedule.timezone),
        )
        return _Decided(definition=definition, plan=made, timing=timing)

    def _carry_out(
        self, transaction: Transaction, decided: Sequence[_Decided], now: datetime
    ) -> None:
        """Cancel, queue, move on, write down and tell."""
        for each in decided:
            if each.plan.cancel:
                self._schedules.cancel(transaction, each.plan.cancel, now)
        self._runs.queue_scheduled(
            transaction, [run for each in decided for run in _runs(each, now)]
        )
        timings = {each.definition.id: each.timing for each in decided}
        self._schedules.set_timing(transaction, timings)
        made = [(each.definition.id, one) for each in decided for one in each.plan.decisions]
        self._decisions.add(transaction, made, now)
        for each in decided:
            origin = Origin(project_id=each.definition.project_id, definition_id=each.definition.id)
            self._deliveries.tell_missed(transaction, origin, each.plan.decisions, now)

    def _count(self, decided: Sequence[_Decided], now: datetime) -> None:
        """Count how late runs were queued; those of instants that nobody was there for are not."""
        for run in (run for each in decided for run in each.plan.runs if not run.late):
            self._metrics.fired(now - run.scheduled_for)


def _runs(decided: _Decided, now: datetime) -> Iterator[NewRun]:
    for run in decided.plan.runs:
        yield NewRun(
            id=run.id,
            definition_id=decided.definition.id,
            project_id=decided.definition.project_id,
            cause=Cause.SCHEDULE,
            location=None,
            now=now,
            scheduled_for=run.scheduled_for,
            late=run.late,
            priority=priority_of(decided.definition.document),
        )


def _unreadable(definition: DueDefinition, now: datetime, why: str, error: str) -> _Decided:
    """Let a definition not fire, and say so; it is looked at again when a service starts."""
    log.error("schedule unreadable", definition_id=definition.id, error=error)
    decision = Decision(code=DecisionCode.SCHEDULE_UNREADABLE, facts={"error": error})
    until = definition.decided_until or now
    return _Decided(
        definition=definition,
        plan=Plan(
            runs=(), cancel=(), decisions=(decision,), decided_until=until, next_fire_at=None
        ),
        timing=silent(until, why),
    )
