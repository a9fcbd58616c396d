"""What becomes of the instants of a schedule that are due: the policies, without any database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from definitions.decisions import Decision, DecisionCode
from definitions.model import Missed, Overlap, ScheduledTrigger
from definitions.schedule import Fire, fires

MOST_INSTANTS = 1000  # that are decided at a time, after years of silence too
MOST_TOLD = 100  # missed instants that are told one by one
TOLD_SECONDS = 5  # a delay that is no lateness yet, but is told


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringTerms:
    """What holds for every schedule: when an instant counts as missed, how many runs may wait."""

    grace: timedelta
    most_waiting: int
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A schedule of which every instant up to `decided_until` has been decided.

    `ran` are later instants that have a run all the same. `unfinished` are the ids of the
    definition's runs that have not ended, the oldest first; so many of them are `waiting`. Nothing
    goes on while `paused`, one of them, waits for somebody.
    """

    schedule: ScheduledTrigger
    decided_until: datetime
    ran: frozenset[datetime]
    unfinished: tuple[str, ...]
    waiting: int
    paused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A run to queue for an instant."""

    id: str
    scheduled_for: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do, and what to write down about it."""

    runs: tuple[PlannedRun, ...]
    cancel: tuple[str, ...]
    decisions: tuple[Decision, ...]
    decided_until: datetime
    next_fire_at: datetime | None


def plan(due: Due, now: datetime, terms: FiringTerms) -> Plan:
    """Decide every instant up to `now`, or the first thousand of them.

    Of more than that, made up for is only what the last thousand hold, unless each has its run.
    """
    instants, after = _due_and_next(due.schedule, due.decided_until, now)
    until = max(now, due.decided_until)
    rest = after is not None and after.at <= now
    if rest:
        until = instants[-1].at
    draft = _Draft(due, terms, now)
    draft.decide([fire for fire in instants if fire.at not in due.ran], more=rest)
    if after is None:
        draft.decisions.append(Decision(code=DecisionCode.SCHEDULE_ENDED, facts={}))
    return Plan(
        runs=tuple(draft.runs),
        cancel=tuple(draft.cancel),
        decisions=tuple(draft.decisions),
        decided_until=until,
        next_fire_at=None if after is None else after.at,
    )


@lru_cache(maxsize=64)
def _due_and_next(
    schedule: ScheduledTrigger, decided_until: datetime, now: datetime
) -> tuple[Sequence[Fire], Fire | None]:
    """Return the instants up to `now`, or the first thousand of them, and the one that follows.

    What is due at one instant often has one schedule: "daily at 2:30 in Prague" is computed once.
    """
    instants: list[Fire] = []
    for fire in fires(schedule, decided_until):
        if fire.at > now or len(instants) == MOST_INSTANTS:
            return tuple(instants), fire
        instants.append(fire)
    return tuple(instants), None


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

    due: Due
    terms: FiringTerms
    now: datetime
    runs: list[PlannedRun] = field(default_factory=list)
    cancel: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def decide(self, instants: Sequence[Fire], *, more: bool) -> None:
        """Choose by the policy on missed instants, then by the one on overlaps."""
        chosen = [] if more and self._policy is not Missed.ALL else self._made_up(instants)
        made_up = {fire.at for fire in chosen}
        missed = [fire for fire in instants if fire.at not in made_up]
        if self.due.schedule.overlap is Overlap.CANCEL_RUNNING:
            for fire in chosen[:-1]:
                self._note(DecisionCode.SUPERSEDED, fire)
            chosen = chosen[-1:]
        for fire in chosen:
            self._run(fire)
        self.decisions[:0] = self._missed(missed, more=more)

    @property
    def _policy(self) -> Missed:
        return self.due.schedule.missed

    def _made_up(self, instants: Sequence[Fire]) -> list[Fire]:
        """Return the instants that are on time, and those that are made up for."""
        if self._policy is Missed.ALL:
            return list(instants)
        on_time = [fire for fire in instants if not self._is_late(fire)]
        if on_time or self._policy is Missed.SKIP:
            return on_time
        return list(instants[-1:])

    def _is_late(self, fire: Fire) -> bool:
        return self.now - fire.at > self.terms.grace

    def _missed(self, missed: Sequence[Fire], *, more: bool) -> Iterator[Decision]:
        """Yield a decision for each instant, or one for all where there are too many.

        Which run makes up for them is known unless more instants are due.
        """
        policy: dict[str, Any] = {"policy": self._policy.value}
        if self._policy is Missed.LATEST and not more:
            policy["made_up_by"] = self.runs[0].id if self.runs else None
        if len(missed) <= MOST_TOLD:
            for fire in missed:
                facts = {**self._facts(fire), "count": 1, **policy}
                yield Decision(code=DecisionCode.MISSED, facts=facts)
            return
        last = {"count": len(missed), "last": missed[-1].at.isoformat(), **policy}
        yield Decision(code=DecisionCode.MISSED, facts={**self._facts(missed[0]), **last})

    def _run(self, fire: Fire) -> None:
        """Queue a run for an instant, unless runs that have not ended are in the way."""
        ahead = [*self.due.unfinished, *(run.id for run in self.runs)]
        overlap = self.due.schedule.overlap if ahead else None
        waiting = self.due.waiting + len(self.runs)
        if overlap is Overlap.SKIP:
            self._note(DecisionCode.SKIPPED_OVERLAP, fire, behind=ahead[0], **self._stopped)
        elif overlap is Overlap.CANCEL_RUNNING:
            self.cancel += ahead
            self._queue(
                DecisionCode.CANCELLED_RUNNING, fire, behind=ahead[0], others=len(ahead) - 1
            )
        elif waiting >= self.terms.most_waiting:
            self._note(DecisionCode.QUEUE_FULL, fire, waiting=waiting, **self._stopped)
        elif overlap is Overlap.QUEUE:
            self._queue(DecisionCode.QUEUED_BEHIND, fire, behind=ahead[-1], **self._stopped)
        else:
            late = self._is_late(fire)
            self._queue(DecisionCode.FIRED_LATE if late else DecisionCode.FIRED, fire)

    @property
    def _stopped(self) -> dict[str, str]:
        """Return which run holds all others up until somebody says how it goes on, if one does."""
        return {} if self.due.paused is None else {"paused": self.due.paused}

    def _queue(self, code: DecisionCode, fire: Fire, **facts: object) -> None:
        late = self._is_late(fire)
        run = PlannedRun(id=self.terms.new_id(), scheduled_for=fire.at, late=late)
        self.runs.append(run)
        self._note(code, fire, run_id=run.id, **facts)

    def _note(self, code: DecisionCode, fire: Fire, **facts: object) -> None:
        """Tell what became of an instant, and how late it was by then."""
        known = {**self._facts(fire), **self._lateness(fire), **facts}
        self.decisions.append(Decision(code=code, facts=known))

    def _lateness(self, fire: Fire) -> dict[str, int]:
        """Return for how long nobody was there at an instant, or whoever was there was busy."""
        seconds = (self.now - fire.at) // timedelta(seconds=1)
        if self._is_late(fire):
            return {"late_seconds": seconds}
        return {"delay_seconds": seconds} if seconds >= TOLD_SECONDS else {}

    def _facts(self, fire: Fire) -> dict[str, Any]:
        return {
            "scheduled_for": fire.at.isoformat(),
            "local": fire.local.isoformat(),
            "asked": fire.asked.strftime("%Y-%m-%d %H:%M"),
            "timezone": self.due.schedule.timezone.key,
            "note": None if fire.note is None else fire.note.value,
        }
