"""When definitions fire: told beforehand, and whether they ever do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from definitions.model import ScheduledTrigger
from definitions.schedule import Fire, fires, next_fire, with_days
from definitions.schema import to_trigger
from importmgr.clock import Clock
from importmgr.services.definitions import Definitions
from importmgr.store.definitions import StoredDefinition
from importmgr.store.projects import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRuns:
    """The next instants of a schedule, and whether it fires at all now."""

    active: bool
    fires: tuple[Fire, ...]


class Schedules:
    """The use cases around the schedule of a definition."""

    def __init__(self, definitions: Definitions, *, clock: Clock) -> None:
        """Take what finds definitions."""
        self._definitions = definitions
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
        """Return what a new definition's owner should know about its schedule."""
        stored = self._definitions.require(project, definition_id, origin)
        schedule = schedule_of(stored.document, stored.created_at)
        if schedule is None or next_fire(schedule, stored.created_at) is not None:
            return ()
        return (_why_never(schedule, stored),)


def schedule_of(document: Mapping[str, Any], created_at: datetime) -> ScheduledTrigger | None:
    """Return the schedule of a definition's document, its days known; None if it has none."""
    trigger = to_trigger(document["trigger"])
    return with_days(trigger, created_at) if isinstance(trigger, ScheduledTrigger) else None


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
