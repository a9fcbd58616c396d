"""Runs told what to do: extensions, the vendor has none."""

# tested by: tests/acceptance/test_run_control.py

from __future__ import annotations

from definitions.lifecycle import RunCommand
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.imports import Started
from importmgr.api.dialects.bloomreach.schemas.runs import RunRead, render_run
from importmgr.services.control import RunOrder
from importmgr.store.projects import Project

control = Blueprint("control", "Runs told what to do: in effect when the answer comes.", DOCS)

RUN = "/imports/v1/<project_token>/<import_id>/runs/<run_id>"


@control.door(f"POST {RUN}/pause", "imports.trigger")
@control.answers(RunRead, example={"success": True, "run": examples.PAUSED_RUN})
def pause_run(*, project: Project, import_id: str, run_id: str) -> Answer:
    """Pause a run that has not ended.

    A batch that is being loaded is loaded whole or not at all. The run keeps its place: later runs
    of the definition wait behind it, until it is resumed or cancelled.
    """
    return _tell(project, import_id, run_id, RunCommand.PAUSE)


@control.door(f"POST {RUN}/resume", "imports.trigger")
@control.answers(RunRead, example={"success": True, "run": examples.READ_RUN})
def resume_run(*, project: Project, import_id: str, run_id: str) -> Answer:
    """Let a paused run go on after the last batch that was loaded."""
    return _tell(project, import_id, run_id, RunCommand.RESUME)


@control.door(f"POST {RUN}/cancel", "imports.trigger")
@control.answers(RunRead, example={"success": True, "run": examples.READ_RUN})
def cancel_run(*, project: Project, import_id: str, run_id: str) -> Answer:
    """End a run that has not ended; what it has loaded stays."""
    return _tell(project, import_id, run_id, RunCommand.CANCEL)


@control.door(f"POST {RUN}/continue", "imports.trigger")
@control.answers(RunRead, example={"success": True, "run": examples.READ_RUN})
def continue_run(*, project: Project, import_id: str, run_id: str) -> Answer:
    """Let a run go on that a brake has paused; that brake does not act on it any more."""
    return _tell(project, import_id, run_id, RunCommand.CONTINUE)


@control.door(f"POST {RUN}/retry", "imports.trigger")
@control.answers(RunRead, example={"success": True, "run": examples.READ_RUN})
def retry_run(*, project: Project, import_id: str, run_id: str) -> Answer:
    """Let a failed or cancelled run go on after the last batch that was loaded.

    It is the same run, in its old place among those of the definition: what it loads is as old as
    it is.
    """
    return _tell(project, import_id, run_id, RunCommand.RETRY)


@control.door(f"POST {RUN}/rerun", "imports.trigger")
@control.answers(Started, example=examples.STARTED)
def rerun(*, project: Project, import_id: str, run_id: str) -> Answer:
    """Start a new run that loads the files of this one from their beginnings.

    It takes those very files, whatever the source holds by now. One that is gone fails the run;
    one that changed is loaded as it is now, with a warning.
    """
    started = services().control.rerun(project, import_id, ORIGIN, run_id)
    return {"import_id": import_id, "run_id": started}


def _tell(project: Project, import_id: str, run_id: str, command: RunCommand) -> Answer:
    """Tell a run what to do and show it."""
    order = RunOrder(run_id=run_id, command=command)
    return {"run": render_run(services().control.tell(project, import_id, ORIGIN, order))}
