"""Dry runs: asked for, looked at, called off."""

from __future__ import annotations

from definitions.audit import AuditAction, Change
from definitions.errors import NotFoundError
from definitions.lifecycle import Cause, RunCommand
from definitions.policy import Policy
from importmgr.services.definitions import Definitions
from importmgr.store import Stores
from importmgr.store.definitions import Transaction
from importmgr.store.dry_runs import ORIGIN, DryRun
from importmgr.store.projects import Project
from importmgr.store.runs import NewRun, Run
from importmgr.world import World


class DryRuns:
    """The use cases around dry runs of one project."""

    def __init__(
        self, stores: Stores, *, definitions: Definitions, policy: Policy, world: World
    ) -> None:
        """Take the stores, and what checks definitions."""
        self._store = stores.dry_runs
        self._definition_store = stores.definitions
        self._queue = stores.runs
        self._control = stores.control
        self._audit = stores.audit
        self._definitions = definitions
        self._max_waiting = policy.max_waiting_runs
        self._world = world

    def start(self, project: Project, definition_id: str, origin: str) -> str:
        """Queue a dry run of a definition and return its id, or raise `NotFoundError`."""
        document = self._definitions.read(project, definition_id, origin).document
        return self._start(project, document, definition_id)

    def start_unsaved(self, project: Project, document: object) -> str:
        """Queue a dry run of a definition that is not stored and return its id.

        Raise `InvalidError` with every problem of the document at once.
        """
        return self._start(project, document, None)

    def show(self, project: Project, run_id: str) -> DryRun:
        """Return one dry run, or raise `NotFoundError`."""
        found = self._store.get(project.id, run_id)
        if found is None:
            msg = f"there is no dry run {run_id!r} in this project"
            raise NotFoundError(msg)
        return found

    def cancel(self, project: Project, run_id: str) -> None:
        """End a dry run, and forget the copy of its definition.

        Raise `NotFoundError` if there is none, `ConflictError` if it has ended.
        """
        found, now = self.show(project, run_id), self._world.clock.now()
        change = _change(AuditAction.DRY_RUN_CANCELLED, found.run, found.definition_id)

        def also(transaction: Transaction) -> None:
            self._store.forget_copy(transaction, found.run, now)
            self._audit.record(transaction, change)

        self._control.tell(found.run, RunCommand.CANCEL, also=also)

    def _start(self, project: Project, document: object, definition_id: str | None) -> str:
        """Queue a run of a copy."""
        copy = self._definitions.copy_of(project, document, ORIGIN)
        run = NewRun(
            id=self._world.identity.hex24(),
            definition_id=copy.id,
            project_id=project.id,
            cause=Cause.DRY_RUN,
            location=None,
            now=self._world.clock.now(),
        )

        def also(transaction: Transaction) -> None:
            self._queue.queue(transaction, run, max_waiting=self._max_waiting)
            self._store.add(transaction, run.id, definition_id, run.now)
            change = _change(AuditAction.DRY_RUN_STARTED, run, definition_id)
            self._audit.record(transaction, change)

        self._definition_store.add(copy, max_active=0, also=also)
        return run.id


def _change(action: AuditAction, run: NewRun | Run, definition_id: str | None) -> Change:
    """Return what the audit log tells; a definition that is not stored has no id."""
    after = {} if definition_id is None else {"import_id": definition_id}
    return Change(action=action, project_id=run.project_id, what=run.id, after=after)
