"""Schedules of definitions: told beforehand, switched on and off, explained afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from definitions.audit import AuditAction, Change
from definitions.decisions import Decision, DecisionCode
from definitions.freshness import promise_of
from definitions.model import FileStorageSource, NewFileTrigger, ScheduledTrigger
from definitions.passing_over import never_taken
from definitions.policy import Policy
from definitions.schedule import Fire, fires, next_fire
from definitions.schema import to_definition
from definitions.watching import place_of
from importmgr.clock import Clock
from importmgr.services.definitions import Definitions
from importmgr.services.paging import Page
from importmgr.services.timing import schedule_of, silent, timing_of
from importmgr.store import Stores
from importmgr.store.decisions import StoredDecision
from importmgr.store.definitions import StoredDefinition, Transaction
from importmgr.store.projects import Project

INACTIVE = "inactive"  # the stamp of a definition that does not fire by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRuns:
    """The next instants of a schedule, and whether it fires at all now."""

    active: bool
    fires: tuple[Fire, ...]


class Schedules:
    """The use cases around the schedule of a definition."""

    def __init__(
        self, stores: Stores, *, definitions: Definitions, policy: Policy, clock: Clock
    ) -> None:
        """Take the stores and what finds definitions."""
        self._stores = stores
        self._definitions = definitions
        self._policy = policy
        self._clock = clock

    def next_runs(
        self, project: Project, definition_id: str, origin: str, count: int, after: datetime | None
    ) -> NextRuns:
        """Return the next `count` instants after `after`, or after now.

        They are told of an inactive definition too, as if it were active. What has no schedule has
        none.
        """
        stored = self._definitions.require(project, definition_id, origin)
        schedule = schedule_of(stored.document, stored.created_at)
        since = after or self._clock.now()
        found = () if schedule is None else tuple(islice(fires(schedule, since), count))
        return NextRuns(active=stored.active, fires=found)

    def warnings(self, project: Project, definition_id: str, origin: str) -> tuple[str, ...]:
        """Return what a new definition's owner should know: that it never fires or takes a file."""
        stored = self._definitions.require(project, definition_id, origin)
        schedule = schedule_of(stored.document, stored.created_at)
        told: list[str] = []
        if schedule is not None and next_fire(schedule, stored.created_at) is None:
            told.append(_why_never(schedule, stored))
        source = to_definition(stored.document).source
        if isinstance(source, FileStorageSource):
            why = never_taken(source.path, source.marker)
            told += [] if why is None else [f"source.path: {source.path!r} {why}"]
        return tuple(told)

    def activate(self, project: Project, definition_id: str, origin: str) -> None:
        """Let a definition fire from now on; one that is active already stays as it is.

        Raise `InvalidError` if the project has as many active definitions as it may have.
        """
        stored = self._definitions.require(project, definition_id, origin)
        if stored.active:
            return
        most = self._policy.max_active_definitions
        self._stores.definitions.activate(stored, max_active=most, also=self._begin)

    def deactivate(self, project: Project, definition_id: str, origin: str) -> None:
        """Let a definition not fire any more, at once; runs that are queued already stay."""
        stored = self._definitions.require(project, definition_id, origin)
        self._stores.definitions.deactivate(stored, also=self._end)

    def decisions(
        self,
        project: Project,
        definition_id: str,
        origin: str,
        page: tuple[int, int],
        since: datetime | None,
    ) -> Page[StoredDecision]:
        """Return what the service decided about a definition, the newest first.

        `page` is limit and offset.
        """
        stored = self._definitions.require(project, definition_id, origin)
        found, total = self._stores.decisions.list(stored.id, *page, since)
        return Page(items=tuple(found), total=total)

    def last_look(self, project: Project, definition_id: str, origin: str) -> StoredDecision | None:
        """Return how the last look for a definition's new files went, if there was one.

        A look that changes nothing leaves no decision: this is renewed instead.
        """
        stored = self._definitions.require(project, definition_id, origin)
        look = self._stores.watches.last_look(stored.id)
        if look is None:
            return None
        decision = look.decision()
        return StoredDecision(at=look.at, code=decision.code.value, facts=decision.facts)

    def _begin(self, transaction: Transaction, stored: StoredDefinition) -> None:
        """Compute the future from now on: what passed while it was inactive was not missed."""
        now = self._stores.schedules.now(transaction)
        timing = timing_of(stored.document, stored.created_at, now)
        following = None if timing.next_fire_at is None else timing.next_fire_at.isoformat()
        decision = Decision(code=DecisionCode.ACTIVATED, facts={"next": following})
        self._stores.schedules.set_timing(transaction, {stored.id: timing})
        self._stores.decisions.add(transaction, [(stored.id, decision)], now)
        self._record(transaction, AuditAction.IMPORT_ACTIVATED, stored)
        promise = promise_of(stored.document)
        if promise is not None:
            self._stores.promises.begin(transaction, stored.id, promise, active=True)
        definition = to_definition(stored.document)
        if isinstance(definition.trigger, NewFileTrigger):
            place = place_of(stored.id, definition)
            self._stores.watches.begin(transaction, stored.id, place)

    def _end(self, transaction: Transaction, stored: StoredDefinition) -> None:
        now = self._stores.schedules.now(transaction)
        decision = Decision(code=DecisionCode.DEACTIVATED, facts={})
        self._stores.schedules.set_timing(transaction, {stored.id: silent(now, INACTIVE)})
        self._stores.watches.end(transaction, stored.id)
        self._stores.promises.end(transaction, stored.id)
        self._stores.decisions.add(transaction, [(stored.id, decision)], now)
        self._record(transaction, AuditAction.IMPORT_DEACTIVATED, stored)

    def _record(
        self, transaction: Transaction, action: AuditAction, stored: StoredDefinition
    ) -> None:
        active = action is AuditAction.IMPORT_ACTIVATED
        change = Change(
            action=action,
            project_id=stored.project_id,
            what=stored.id,
            before={"active": not active},
            after={"active": active},
        )
        self._stores.audit.record(transaction, change)


def _why_never(schedule: ScheduledTrigger, stored: StoredDefinition) -> str:
    """Say why a schedule has no instant after its creation, and what to do about it."""
    end = schedule.to_date
    if end is not None and end <= stored.created_at:
        return f"trigger: never fires, as to_date {end.isoformat()} has passed; send a later one"
    return (
        f"trigger: never fires, as none of its times lies between from_date "
        f"{_shown(schedule.from_date)} and to_date {_shown(end)}; widen these bounds"
    )


def _shown(bound: datetime | None) -> str:
    return "(none)" if bound is None else bound.isoformat()
