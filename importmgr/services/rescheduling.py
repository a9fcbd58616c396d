"""Computing anew when definitions fire, after the rules of a time zone, or our own, have changed.

It is done when a service starts: a running process keeps the zones it has read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from definitions.decisions import Decision, DecisionCode
from importmgr.log import get_logger
from importmgr.services.timing import UNREADABLE, present_stamp, timing_of
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.schedules import DueDefinition, Timing

log = get_logger(__name__)

AT_ONCE = 500  # definitions in one transaction


class Rescheduling:
    """Finds definitions whose next instant was computed by other rules than ours."""

    def __init__(self, database: Database, stores: Stores) -> None:
        """Take the stores."""
        self._database = database
        self._schedules = stores.schedules
        self._decisions = stores.decisions

    def bring_up_to_date(self) -> int:
        """Compute the future anew where it may have changed; tell of how many definitions.

        Instants that are decided stay so, and those that were missed stay due. Definitions of a
        release that did not fire any are taken in, from now on.
        """
        count = 0
        for timezone, known in self._schedules.stamps():
            if known == present_stamp(timezone):
                continue
            ids = self._schedules.stamped(timezone, known)
            for start in range(0, len(ids), AT_ONCE):
                count += self._reschedule(ids[start : start + AT_ONCE])
        if count:
            log.info("schedules computed anew", count=count)
        return count

    def _reschedule(self, ids: Sequence[str]) -> int:
        with self._database.writing() as transaction:
            now = self._schedules.now(transaction)
            found = self._schedules.held(transaction, ids)
            timings = {
                each.id: timing_of(each.document, each.created_at, each.decided_until or now)
                for each in found
            }
            self._schedules.set_timing(transaction, timings)
            made = [
                (each.id, decision)
                for each in found
                for decision in _decisions(each, timings[each.id])
            ]
            self._decisions.add(transaction, made, now)
        return len(found)


def _decisions(definition: DueDefinition, timing: Timing) -> Iterator[Decision]:
    """Yield what has changed for a definition, if anything has."""
    facts: dict[str, str | None]
    before, after = definition.next_fire_at, timing.next_fire_at
    following = None if after is None else after.isoformat()
    if timing.stamp == UNREADABLE and before is not None:
        facts = {"error": "its time zone is not known on this machine"}
        yield Decision(code=DecisionCode.SCHEDULE_UNREADABLE, facts=facts)
    elif before is None and after is not None:
        yield Decision(code=DecisionCode.ACTIVATED, facts={"next": following})
    elif before is not None and before != after:
        facts = {"timezone": timing.timezone, "before": before.isoformat(), "next": following}
        yield Decision(code=DecisionCode.RECOMPUTED, facts=facts)
