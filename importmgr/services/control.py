"""Runs told what to do: paused, resumed, cancelled, retried, and repeated."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.audit import AuditAction, Change
from definitions.decisions import Decision, DecisionCode
from definitions.errors import ConflictError
from definitions.lifecycle import COMMANDS, Cause, RunCommand
from definitions.policy import Policy
from importmgr.acting import actor
from importmgr.log import get_logger
from importmgr.services.runs import RunReport, Runs
from importmgr.store import Stores
from importmgr.store.projects import Project
from importmgr.store.runs import NewRun, Run
from importmgr.store.transactions import Also, Transaction
from importmgr.world import World

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What a run is told."""

    run_id: str
    command: RunCommand


class RunCommands:
    """The use cases around runs that somebody intervenes in."""

    def __init__(self, stores: Stores, *, runs: Runs, policy: Policy, world: World) -> None:
        """Take what changes runs and what shows them."""
        self._policy = policy
        self._clock = world.clock
        self._identity = world.identity
        self._control = stores.control
        self._audit = stores.audit
        self._decisions = stores.decisions
        self._runs = runs

    def tell(self, project: Project, definition_id: str, origin: str, order: RunOrder) -> RunReport:
        """Let a run do as told and return it as it is then.

        Raise `ConflictError` if its state does not allow it.
        """
        run = self._runs.require(project, definition_id, origin, order.run_id)
        self._control.tell(run, order.command, also=self._recording(run, order.command))
        log.info("run told", run_id=run.id, command=order.command)
        return self._runs.show(project, definition_id, origin, order.run_id)

    def rerun(self, project: Project, definition_id: str, origin: str, run_id: str) -> str:
        """Queue a run that loads the files of an older one from their beginnings; return its id.

        They are those very files, whatever the source holds meanwhile. One that is gone fails the
        run, one that changed is told of. Raise `ConflictError` if the older run has chosen none,
        as a repair never does.
        """
        old = self._runs.require(project, definition_id, origin, run_id)
        if old.cause is Cause.REPAIR:
            msg = (
                f"run {old.id!r} is a repair and has no files of its own: hand the corrected rows "
                "in again, or repeat the run that rejected them"
            )
            raise ConflictError(msg)
        new = NewRun(
            id=self._identity.hex24(),
            definition_id=old.definition_id,
            project_id=old.project_id,
            cause=Cause.RERUN,
            location=old.location,
            now=self._clock.now(),
            priority=old.priority,
            rerun_of=old.id,
        )
        change = Change(
            action=AuditAction.RUN_REPEATED,
            project_id=old.project_id,
            what=new.id,
            after={"import_id": old.definition_id, "rerun_of": old.id},
        )
        self._control.rerun(
            old,
            new,
            max_waiting=self._policy.max_waiting_runs,
            also=self._audit.recording(change),
        )
        return new.id

    def _recording(self, run: Run, command: RunCommand) -> Also:
        """Return what writes down that somebody told a run something."""
        change = Change(
            action=AuditAction(f"run.{COMMANDS[command].done}"),
            project_id=run.project_id,
            what=run.id,
            after={"import_id": run.definition_id},
        )
        if command is not RunCommand.CONTINUE or run.braked is None:
            return self._audit.recording(change)
        facts = {"run_id": run.id, "brake": run.braked.brake, "why": run.braked.text}
        decision = Decision(code=DecisionCode.BRAKE_PASSED, facts={**facts, "by": actor().name})

        def record(transaction: Transaction) -> None:
            self._audit.record(transaction, change)
            made = [(run.definition_id, decision)]
            self._decisions.add(transaction, made, self._clock.now())

        return record
