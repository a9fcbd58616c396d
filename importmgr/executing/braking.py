"""The brakes of one attempt: what acts is written down, then warned of or raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from definitions import brakes
from definitions.batches import Tally
from definitions.brakes import BrakeAction, BrakeKind, Brakes, Braking, History
from definitions.decisions import Decision, DecisionCode
from definitions.errors import BrakedError
from importmgr.clock import Clock
from importmgr.store.decisions import DecisionStore
from importmgr.store.runs import Claim, RunStore

Item = TypeVar("Item")

CODES = {
    BrakeAction.WARN: DecisionCode.BRAKE_WARNED,
    BrakeAction.PAUSE: DecisionCode.BRAKE_PAUSED,
    BrakeAction.FAIL: DecisionCode.BRAKE_FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBrakes:
    """Watches one attempt at a run; a brake that somebody let pass, or that warned, is done."""

    claim: Claim
    brakes: Brakes
    history: History
    runs: RunStore
    decisions: DecisionStore
    clock: Clock
    done: set[BrakeKind] = field(default_factory=set)

    def paced(self, batches: Iterator[Item], *, last_file: bool) -> Iterator[tuple[Item, bool]]:
        """Yield batches of a file, and whether each is known to be the last one of the run.

        That is only found out, by waiting for the one behind it, where a brake may stop it.
        """
        limit = self.brakes.row_count
        judged = len(self.history.row_counts) >= limit.after and self._is_on(BrakeKind.ROW_COUNT)
        if last_file and judged and limit.action in {BrakeAction.PAUSE, BrakeAction.FAIL}:
            return with_last(batches)
        return ((each, False) for each in batches)

    def opened(
        self, header: tuple[str, ...], mapped: frozenset[str], lacking: tuple[str, ...]
    ) -> None:
        """Look at the columns of a file before anything of it is loaded."""
        self._act(brakes.missing_columns(self.brakes, lacking))
        self._act(brakes.new_columns(self.brakes, header, mapped, self.history))
        self.runs.note_columns(self.claim.run.id, self.claim.run.token, header)

    def warnings(self, lacking: tuple[str, ...]) -> tuple[str, ...]:
        """Return what is to be said of columns that a file lacks."""
        return () if self.brakes.missing_column is BrakeAction.ALLOW else lacking

    def batch(self, reached: Tally, read: int, rejected: int, *, last: bool) -> None:
        """Look at a batch before it is loaded; `last` if none of the run comes after it."""
        after = reached + Tally(read=read, rejected=rejected)
        self._act(brakes.max_rejected(self.brakes, after))
        self._act(brakes.row_count(self.brakes, self.history, after.read, whole=last))

    def file_ended(self, file: str, read: int) -> None:
        """Look at a file of which so many rows were read, from its beginning to its end."""
        self._act(brakes.empty_file(self.brakes, file, read))

    def run_ended(self, tally: Tally) -> None:
        """Look at a run of which everything was read."""
        self._act(brakes.row_count(self.brakes, self.history, tally.read, whole=True))

    def _is_on(self, kind: BrakeKind) -> bool:
        return kind not in {*self.done, *self.claim.run.passed}

    def _act(self, braking: Braking | None) -> None:
        """Write down that a brake acts, once in an attempt; raise `BrakedError` if it stops it."""
        if braking is None or not self._is_on(braking.kind):
            return
        self.done.add(braking.kind)
        run = self.claim.run
        facts = {
            "run_id": run.id,
            "brake": braking.kind.value,
            "why": braking.text,
            **braking.figures,
        }
        if braking.action is BrakeAction.WARN:
            if braking.text in run.warnings:
                return
            self.runs.add_warnings(run.id, run.token, (braking.text,))
        decision = Decision(code=CODES[braking.action], facts=facts)
        self.decisions.tell(run.definition_id, [decision], self.clock.now())
        if braking.action is not BrakeAction.WARN:
            raise BrakedError(braking)


def with_last(items: Iterator[Item]) -> Iterator[tuple[Item, bool]]:
    """Yield each item once it is known whether it is the last one."""
    held = next(items, None)
    while held is not None:
        following = next(items, None)
        yield held, following is None
        held = following
