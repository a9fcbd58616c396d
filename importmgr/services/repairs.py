"""Corrected rows taken back: stored, queued to be loaded, looked back on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from definitions.audit import AuditAction, Change
from definitions.errors import ConflictError, RequestError
from definitions.lifecycle import TERMINAL, Cause
from definitions.policy import Policy
from importmgr.services.rejects import Rejects, chosen
from importmgr.services.runs import Runs
from importmgr.store import Stores
from importmgr.store.projects import Project
from importmgr.store.repairs import NewRepair, RepairDone
from importmgr.store.runs import NewRun
from importmgr.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A file of corrected rows: of which file of the run (None: the only one), and from whom."""

    content: bytes = field(repr=False)
    part: int | None
    asked_by: str


class Repairs:
    """The use cases around repairs of one run."""

    def __init__(
        self,
        stores: Stores,
        *,
        runs: Runs,
        rejects: Rejects,
        policy: Policy,
        world: World,
    ) -> None:
        """Take the stores, and what knows the runs and their rejected rows."""
        self._store = stores.repairs
        self._audit = stores.audit
        self._queue = stores.runs
        self._runs = runs
        self._rejects = rejects
        self._max_waiting = policy.max_waiting_runs
        self._world = world

    def start(
        self, project: Project, definition_id: str, origin: str, run_id: str, given: Correction
    ) -> str:
        """Queue a run that loads corrected rows of another run, and return its id.

        Raise `ConflictError` if that run has not ended, `NotFoundError` if no row of it waits for a
        repair, `LimitError` if too many runs of the definition wait.
        """
        run, files = self._rejects.files(project, definition_id, origin, run_id)
        if run.state not in TERMINAL:
            msg = f"run {run.id!r} is {run.state}; wait for its end before it is repaired"
            raise ConflictError(msg)
        if not given.content.strip():
            msg = "the file is empty; send the rejected rows, corrected"
            raise RequestError(msg)
        kept = chosen(run, files, given.part)
        now = self._world.clock.now()
        queued = NewRun(
            id=self._world.identity.hex24(),
            definition_id=run.definition_id,
            project_id=project.id,
            cause=Cause.REPAIR,
            location=None,
            now=now,
        )
        repair = NewRepair(
            run_id=queued.id,
            of_run_id=run.id,
            part=kept.part,
            content=given.content,
            sha256=hashlib.sha256(given.content).hexdigest(),
            asked_by=given.asked_by,
            asked_at=now,
        )
        with self._store.writing() as transaction:
            self._queue.queue(transaction, queued, max_waiting=self._max_waiting)
            self._store.add(transaction, repair)
            self._audit.record(transaction, _change(project, repair))
        return queued.id

    def list(
        self, project: Project, definition_id: str, origin: str, run_id: str
    ) -> Sequence[RepairDone]:
        """Return every repair of a run, the oldest first."""
        run = self._runs.require(project, definition_id, origin, run_id)
        return self._store.of_run(run.id)


def _change(project: Project, repair: NewRepair) -> Change:
    """Say that somebody handed in corrected rows of a run."""
    after = {"repair": repair.run_id, "file": repair.part, "sha256": repair.sha256}
    return Change(
        action=AuditAction.RUN_REPAIRED, project_id=project.id, what=repair.of_run_id, after=after
    )
