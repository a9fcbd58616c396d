"""The brakes of one attempt: what acts is warned of or raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from definitions import brakes
from definitions.batches import Tally
from definitions.brakes import BrakeAction, BrakeKind, Brakes, Braking, History
from definitions.errors import BrakedError
from importmgr.store.runs import Braked, Claim, RunStore

Item = TypeVar("Item")

STOPPING = frozenset({BrakeAction.PAUSE, BrakeAction.FAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBrakes:
    """Watches one attempt at a run; a brake that somebody let pass, or that warned, is done.

    `said` is what was said of columns that files lack.
    """

    claim: Claim
    brakes: Brakes
    history: History
    runs: RunStore
    done: set[BrakeKind] = field(default_factory=set)
    said: set[str] = field(default_factory=set)

    def paced(self, batches: Iterator[Item], *, last_file: bool) -> Iterator[tuple[Item, bool]]:
        """Yield batches of a file, and whether each is known to be the last one of the run.

        That is only found out, by waiting for the one behind it, where a brake may stop it.
        """
        if last_file and (self._stops_few() or self._stops_rejected()):
            return with_last(batches)
        return ((each, False) for each in batches)

    def _stops_few(self) -> bool:
        limit = self.brakes.row_count
        judged = len(self.history.row_counts) >= limit.after and self._is_on(BrakeKind.ROW_COUNT)
        return judged and limit.action in STOPPING

    def _stops_rejected(self) -> bool:
        return self._is_on(BrakeKind.MAX_REJECTED) and self.brakes.max_rejected.action in STOPPING

    def opened(
        self, header: tuple[str, ...], mapped: frozenset[str], lacking: tuple[str, ...]
    ) -> None:
        """Look at the columns of a file before anything of it is loaded."""
        self._act(brakes.missing_columns(self.brakes, lacking))
        self._act(brakes.new_columns(self.brakes, header, mapped, self.history))
        self.runs.note_columns(self.claim.run.id, self.claim.run.token, header)

    def warnings(self, file: str | None, lacking: tuple[str, ...]) -> tuple[str, ...]:
        """Return what is to be said of columns that a file lacks and none before it did.

        `file` is its name if there are others.
        """
        if self.brakes.missing_column is BrakeAction.ALLOW:
            return ()
        new = [text for text in lacking if text not in self.said]
        self.said.update(new)
        return tuple(text if file is None else f"{file}: {text}" for text in new)

    def batch(self, reached: Tally, read: int, rejected: int, *, last: bool) -> None:
        """Look at a batch before it is loaded; `last` if none of the run comes after it."""
        after = reached + Tally(read=read, rejected=rejected)
        self._act(brakes.max_rejected(self.brakes, after, whole=last))
        self._act(brakes.row_count(self.brakes, self.history, after.read, whole=last))

    def file_ended(self, file: str, read: int) -> None:
        """Look at a file of which so many rows were read, from its beginning to its end."""
        self._act(brakes.empty_file(self.brakes, file, read))

    def run_ended(self, tally: Tally) -> None:
        """Look at a run of which everything was read."""
        self._act(brakes.max_rejected(self.brakes, tally, whole=True))
        self._act(brakes.row_count(self.brakes, self.history, tally.read, whole=True))

    def _is_on(self, kind: BrakeKind) -> bool:
        return kind not in {*self.done, *self.claim.run.passed}

    def _act(self, braking: Braking | None) -> None:
        """Let a brake act, once in an attempt: write a warning down, or raise `BrakedError`.

        What stops the run is written down by whoever stops it, in that very transaction.
        """
        if braking is None or not self._is_on(braking.kind):
            return
        self.done.add(braking.kind)
        run = self.claim.run
        if braking.action is not BrakeAction.WARN:
            raise BrakedError(braking)
        if braking.text not in run.warnings:
            self.runs.warn_of(run.id, run.token, braked_of(braking))


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedBrakes:
    """Watches a dry run, which no brake stops; `found` are those that would act, and why first."""

    brakes: Brakes
    history: History
    found: dict[BrakeKind, Braking] = field(default_factory=dict)

    def opened(
        self, header: tuple[str, ...], mapped: frozenset[str], lacking: tuple[str, ...]
    ) -> None:
        """Look at the columns of a file."""
        self._note(brakes.missing_columns(self.brakes, lacking))
        self._note(brakes.new_columns(self.brakes, header, mapped, self.history))

    def read(self, tally: Tally, *, whole: bool = False) -> None:
        """Look at what was read so far, or, if that is the `whole`, by the run."""
        self._note(brakes.max_rejected(self.brakes, tally, whole=whole))
        self._note(brakes.row_count(self.brakes, self.history, tally.read, whole=whole))

    def file_ended(self, file: str, read: int) -> None:
        """Look at a file of which so many rows were read."""
        self._note(brakes.empty_file(self.brakes, file, read))

    def _note(self, braking: Braking | None) -> None:
        if braking is not None:
            self.found.setdefault(braking.kind, braking)


def braked_of(braking: Braking) -> Braked:
    """Return what is kept of a brake that acts."""
    return Braked(brake=braking.kind.value, text=braking.text, figures=dict(braking.figures))


def with_last(items: Iterator[Item]) -> Iterator[tuple[Item, bool]]:
    """Yield each item once it is known whether it is the last one."""
    held = next(items, None)
    while held is not None:
        following = next(items, None)
        yield held, following is None
        held = following
