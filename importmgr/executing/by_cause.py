"""Which attempt works off a run: by what asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from definitions.lifecycle import Cause
from importmgr.executing.control import Control
from importmgr.executing.executor import Attempt
from importmgr.store.runs import Claim

Work: TypeAlias = Callable[[Claim, Control], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCause:
    """An attempt that leaves runs of some causes to others; all leave the same behind.

    `others` are made when such a run comes: what they alone need is not imported before.
    """

    usual: Attempt
    others: Mapping[Cause, Callable[[], Work]]

    def __call__(self, claim: Claim, control: Control) -> None:
        """Load what is left of the run."""
        other = self.others.get(claim.run.cause)
        work = self.usual if other is None else other()
        work(claim, control)

    def fetched(self, run_id: str) -> int:
        """Return how many bytes were fetched for a run so far."""
        return self.usual.fetched(run_id)

    def forget(self, run_id: str) -> None:
        """Clean up after a run that will not be tried again."""
        self.usual.forget(run_id)

    def follow_up(self, run_id: str, go_on: Callable[[], bool]) -> None:
        """Do what is owed to the files of a run if it has ended; stop when `go_on` says so."""
        self.usual.follow_up(run_id, go_on)
