"""Dry runs: what a definition would do with its file, and nothing done; the vendor has none."""

from __future__ import annotations

from typing import Any

from flask import request

from definitions.schema import ImportDefinitionSchema
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.body import read_object
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import dry_run_examples, examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.dry_runs import (
    DryRunRead,
    DryRunStarted,
    render_dry_run,
)
from importmgr.store.projects import Project

dry_runs = Blueprint("dry_runs", "Dry runs: what a definition would do.", DOCS)

ONE = "/imports/v1/<project_token>/dry-runs/<run_id>"
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": ImportDefinitionSchema,
            "examples": examples.DEFINITIONS,
        }
    },
}


@dry_runs.door("POST /imports/v1/<project_token>/<import_id>/dry-run", "imports.trigger")
@dry_runs.answers(DryRunStarted, example=dry_run_examples.DRY_RUN_STARTED)
def start_dry_run(*, project: Project, import_id: str) -> Answer:
    """Queue a dry run of a definition.

    The whole file is fetched, read, mapped and looked up, and nothing is written. It waits for no
    run of the definition, nor does any of these wait for it.
    """
    return {"run_id": services().dry_runs.start(project, import_id, ORIGIN)}


@dry_runs.door("POST /imports/v1/<project_token>/dry-run", "imports.create")
@dry_runs.documents(requestBody=BODY)
@dry_runs.answers(DryRunStarted, example=dry_run_examples.DRY_RUN_STARTED)
def start_unsaved_dry_run(*, project: Project) -> Answer:
    """Queue a dry run of a definition that is not stored."""
    return {"run_id": services().dry_runs.start_unsaved(project, read_object(request))}


@dry_runs.door(f"GET {ONE}", "rejects.read")
@dry_runs.answers(DryRunRead, example=dry_run_examples.DRY_RUN)
def read_dry_run(*, project: Project, run_id: str) -> Answer:
    """Read a dry run: how far it is and, at its end, what it found out.

    The counts are those that a run would have now. The report has samples of each kind (records
    with their properties before and after), the first faults, and a profile of every column.
    """
    return {"dry_run": render_dry_run(services().dry_runs.show(project, run_id))}


@dry_runs.door(f"POST {ONE}/cancel", "imports.trigger")
@dry_runs.answers(DryRunStarted, example=dry_run_examples.DRY_RUN_STARTED)
def cancel_dry_run(*, project: Project, run_id: str) -> Answer:
    """End a dry run that has not ended; it has no report."""
    services().dry_runs.cancel(project, run_id)
    return {"run_id": run_id}
