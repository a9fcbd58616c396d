"""What could not be used in a run, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from definitions.faults import Fault
from importmgr.services.runs import Runs
from importmgr.store.faults import FaultCount, FaultStore, Wanted
from importmgr.store.projects import Project
from importmgr.store.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultQuery:
    """Which faults of a run, and which part of their list."""

    limit: int
    offset: int = 0
    column: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPage:
    """Some faults of a run in file order.

    `total` is how many stored ones are meant; `counts` are all stored ones by code and column.
    """

    run: Run
    faults: Sequence[Fault]
    total: int
    counts: Sequence[FaultCount]

    @property
    def stored(self) -> int:
        """Return how many faults of the run are stored."""
        return sum(each.count for each in self.counts)

    @property
    def held_back(self) -> int:
        """Return how many of them are of rows that a brake held back; these are not counted."""
        return max(self.stored - self.run.fault_count, 0)


class Faults:
    """The use cases around faults of one run."""

    def __init__(self, store: FaultStore, *, runs: Runs) -> None:
        """Take the store, and what knows whose the runs are."""
        self._store = store
        self._runs = runs

    def list(
        self, project: Project, definition_id: str, origin: str, run_id: str, query: FaultQuery
    ) -> FaultPage:
        """Return one page of a run's faults, or raise `NotFoundError`."""
        run = self._runs.require(project, definition_id, origin, run_id)
        wanted = Wanted(column=query.column, code=query.code)
        faults, total = self._store.list(run.id, wanted, query.limit, query.offset)
        return FaultPage(run=run, faults=faults, total=total, counts=self._store.counts(run.id))
