"""Runs: started under every spelling that connectors use, and looked at."""

# tested by: tests/acceptance/test_br_runs.py

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from definitions.lifecycle import Cause
from importmgr.api.blueprint import OPTIONAL_OBJECT, Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.faults import (
    FaultList,
    FaultsQuery,
    render_fault,
)
from importmgr.api.dialects.bloomreach.schemas.imports import StartBody, Started
from importmgr.api.dialects.bloomreach.schemas.parts import ID
from importmgr.api.dialects.bloomreach.schemas.runs import (
    ProjectRunList,
    RunList,
    RunRead,
    RunsQuery,
    render_run,
)
from importmgr.services.faults import FaultQuery
from importmgr.services.runs import StartRun
from importmgr.store.projects import Project
from importmgr.store.run_lists import RunFilter

runs = Blueprint("runs", "Runs of a definition: started, looked at.", DOCS)


@runs.door("POST /imports/v1/<project_token>/<import_id>/run", "imports.trigger")
@runs.reads(
    StartBody,
    location=OPTIONAL_OBJECT,
    example={"path_to_overwrite": "https://files.example.test/p-2.csv"},
)
@runs.answers(Started, example=examples.STARTED)
def run_import(body: dict[str, Any], *, project: Project, import_id: str) -> Answer:
    """Start a run, or only test the source.

    The run is queued and the answer does not wait for it. With nothing but `test_connection: true`
    in the body the source is looked at, no run is started, and `run_id` is null.
    """
    if not body.pop("only_test"):
        return _start(body, project, import_id)
    services().runs.check_source(project, import_id, ORIGIN, None)
    return {"import_id": import_id, "run_id": None}


@runs.door("POST /data/v2/workspaces/<project_token>/imports/<import_id>/start", "imports.trigger")
@runs.door("POST /data/v1/projects/<project_token>/imports/<import_id>/start", "imports.trigger")
@runs.door("POST /data/v2/projects/<project_token>/imports/<import_id>/start", "imports.trigger")
@runs.reads(
    StartBody,
    location=OPTIONAL_OBJECT,
    example={"path": "https://files.example.test/p-2.csv"},
)
@runs.answers(Started, example=examples.STARTED)
def start_import(body: dict[str, Any], *, project: Project, import_id: str) -> Answer:
    """Start a run.

    The run is queued and the answer does not wait for it. Unless `test_connection` is false the
    source is looked at first, for five seconds at most.
    """
    del body["only_test"]
    return _start(body, project, import_id)


@runs.door("GET /imports/v1/<project_token>/<import_id>/runs", "imports.read")
@runs.reads(RunsQuery, location="query")
@runs.answers(RunList, example=examples.RUNS)
def list_runs(query: dict[str, Any], *, project: Project, import_id: str) -> Answer:
    """List the runs of a definition, the newest first."""
    page = {name: query.pop(name) for name in ("limit", "offset")}
    wanted = RunFilter(**query)
    found = services().runs.list(project, import_id, ORIGIN, tuple(page.values()), wanted)
    return {"runs": [render_run(run) for run in found.items], "total": found.total, **page}


@runs.door("GET /imports/v1/<project_token>/runs", "imports.read")
@runs.reads(RunsQuery, location="query")
@runs.answers(
    ProjectRunList, example={**examples.RUNS, "runs": [{**examples.RUN, "import_id": ID}]}
)
def list_all_runs(query: dict[str, Any], *, project: Project) -> Answer:
    """List the runs of all definitions of the project, the newest first."""
    page = {name: query.pop(name) for name in ("limit", "offset")}
    found = services().runs.everywhere(project, ORIGIN, tuple(page.values()), RunFilter(**query))
    shown = [{**render_run(each), "import_id": each.run.definition_id} for each in found.items]
    return {"runs": shown, "total": found.total, **page}


@runs.door("GET /imports/v1/<project_token>/<import_id>/runs/<run_id>", "imports.read")
@runs.answers(RunRead, example={"success": True, "run": examples.READ_RUN})
def read_run(*, project: Project, import_id: str, run_id: str) -> Answer:
    """Read one run: where it stands, how its rows ended."""
    return {"run": render_run(services().runs.show(project, import_id, ORIGIN, run_id))}


@runs.door("GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/faults", "imports.read")
@runs.reads(FaultsQuery, location="query")
@runs.answers(FaultList, example=examples.FAULTS)
def list_faults(query: dict[str, Any], *, project: Project, import_id: str, run_id: str) -> Answer:
    """List what could not be used in a run, in file order.

    The first 10,000 faults of a run are stored, which `stored` counts; `errors_total` counts all.
    Of a run that a brake stopped, the faults of the rows that it held back are there as well.
    """
    found = services().faults.list(project, import_id, ORIGIN, run_id, FaultQuery(**query))
    return {
        "faults": [render_fault(fault) for fault in found.faults],
        "total": found.total,
        "limit": query["limit"],
        "offset": query["offset"],
        "counts": [asdict(count) for count in found.counts],
        "stored": found.stored,
        "held_back": found.held_back,
        "errors_total": found.run.fault_count,
    }


def _start(body: dict[str, Any], project: Project, import_id: str) -> Answer:
    """Queue one run."""
    command = StartRun(**body)
    run_id = services().runs.start(project, import_id, ORIGIN, command, Cause.MANUAL)
    return {"import_id": import_id, "run_id": run_id}
