"""Computing anew when definitions fire, after the rules of a time zone, or our own, have changed.

It is done when a service starts: a running process keeps the zones it has read. What somebody else
held then is done once it is let go of, and now and then what a process of other rules wrote since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from definitions.decisions import Decision, DecisionCode
from importmgr.log import get_logger
from importmgr.services.timing import UNREADABLE, present_stamp, timing_of
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.schedules import DueDefinition, Timing

log = get_logger(__name__)

AT_ONCE = 500  # definitions in one transaction

Pair: TypeAlias = tuple[str | None, str | None]  # time zone and stamp


class Rescheduling:
    """Finds definitions whose next instant was computed by other rules than ours."""

    def __init__(self, database: Database, stores: Stores) -> None:
        """Take the stores."""
        self._database = database
        self._schedules = stores.schedules
        self._decisions = stores.decisions
        self._left: dict[Pair, list[str]] = {}

    def bring_up_to_date(self) -> int:
        """Compute the future anew where it may have changed; tell of how many definitions.

        Instants that are decided stay so, and those that were missed stay due. Definitions of a
        release that did not fire any are taken in, from now on. This looks at every definition.
        """
        return self._compute({pair: self._schedules.stamped(*pair) for pair in self._stale()})

    def look_again(self) -> int:
        """Do the same for what others wrote since, but for zones that are not known here."""
        known = [pair for pair in self._stale() if pair[1] != UNREADABLE]
        return self._compute({pair: self._schedules.stamped(*pair) for pair in known})

    def catch_up(self) -> int:
        """Do what somebody else held the last time; without such, nothing is asked."""
        if not self._left:
            return 0
        return self._compute({pair: self._still(pair, ids) for pair, ids in self._left.items()})

    def _still(self, pair: Pair, ids: Sequence[str]) -> list[str]:
        """Return those of the definitions that have the pair still."""
        parts = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
        return [each for part in parts for each in self._schedules.stamped(*pair, among=part)]

    def _stale(self) -> list[Pair]:
        return [pair for pair in self._schedules.stamps() if pair[1] != present_stamp(pair[0])]

    def _compute(self, stale: Mapping[Pair, Sequence[str]]) -> int:
        """Compute definitions anew, and remember those that somebody else holds."""
        count, left = 0, {}
        for pair, ids in stale.items():
            done: set[str] = set()
            for start in range(0, len(ids), AT_ONCE):
                done |= self._reschedule(ids[start : start + AT_ONCE])
            held = [each for each in ids if each not in done]
            if held:
                left[pair] = held
            count += len(done)
        self._left = left
        if count:
            log.info("schedules computed anew", count=count)
        return count

    def _reschedule(self, ids: Sequence[str]) -> set[str]:
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
        return {each.id for each in found}


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
