"""Runs told what to do: paused, resumed, cancelled."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.audit import AuditAction, Change
from definitions.lifecycle import COMMANDS, RunCommand
from importmgr.log import get_logger
from importmgr.services.runs import RunReport, Runs
from importmgr.store import Stores
from importmgr.store.projects import Project
from importmgr.store.runs import Run
from importmgr.store.transactions import Also

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What a run is told."""

    run_id: str
    command: RunCommand


class RunCommands:
    """The use cases around runs that somebody intervenes in."""

    def __init__(self, stores: Stores, *, runs: Runs) -> None:
        """Take what changes runs and what shows them."""
        self._control = stores.control
        self._audit = stores.audit
        self._runs = runs

    def tell(self, project: Project, definition_id: str, origin: str, order: RunOrder) -> RunReport:
        """Let a run do as told and return it as it is then.

        Raise `ConflictError` if its state does not allow it.
        """
        run = self._runs.require(project, definition_id, origin, order.run_id)
        self._control.tell(run, order.command, also=self._recording(run, order.command))
        log.info("run told", run_id=run.id, command=order.command)
        return self._runs.show(project, definition_id, origin, order.run_id)

    def _recording(self, run: Run, command: RunCommand) -> Also:
        """Return what writes down that somebody told a run something."""
        change = Change(
            action=AuditAction(f"run.{COMMANDS[command].done}"),
            project_id=run.project_id,
            what=run.id,
            after={"import_id": run.definition_id},
        )
        return self._audit.recording(change)
