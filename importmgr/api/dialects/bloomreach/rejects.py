"""Rejected rows of runs: handed out to be corrected; an extension, the vendor has none."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import reject_examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.rejects import (
    PartQuery,
    RejectFileList,
    RejectsQuery,
    RepairList,
    RepairStarted,
    render_file,
    render_repair,
)
from importmgr.api.uploads import FORM, read_upload
from importmgr.services.rejects import RejectQuery
from importmgr.services.repairs import Correction
from importmgr.store.projects import Project

FILE = {"type": "string", "format": "binary"}
CORRECTED = {
    "required": True,
    "description": "The rejected rows, corrected; whatever the Content-Type says.",
    "content": {
        "application/octet-stream": {"schema": FILE, "example": reject_examples.REJECTS},
        FORM: {
            "schema": {"type": "object", "properties": {"file": FILE}, "required": ["file"]},
            "example": {"file": reject_examples.REJECTS},
        },
    },
}

rejects = Blueprint("rejects", "Rejected rows of a run: handed out, corrected.", DOCS)


@rejects.door("GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/rejects", "rejects.read")
@rejects.reads(RejectsQuery, location="query")
@rejects.sends("text/csv", example=reject_examples.REJECTS)
def read_rejects(
    query: dict[str, Any], *, project: Project, import_id: str, run_id: str
) -> Response:
    """Hand out the rejected rows of a run that wait for a repair, as a file.

    `as=original` has each row byte by byte as it stands in its file, in that file's encoding and
    dialect; `as=spreadsheet` is CSV in UTF-8 with no cell that could become a formula. Both begin
    with the columns `_line`, `_row`, `_error_code`, `_error_column` and `_error`. Cells of
    `sensitive` columns are masked: then there is a column `_masked`, and the file can be looked at
    but not handed in again.
    """
    wanted = RejectQuery(form=query["as_"], part=query["file"])
    return _handed_out(project, import_id, run_id, wanted)


@rejects.door(
    "GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/rejects/unmasked", "rejects.unmask"
)
@rejects.reads(RejectsQuery, location="query")
@rejects.sends("text/csv", example=reject_examples.REJECTS)
def read_unmasked_rejects(
    query: dict[str, Any], *, project: Project, import_id: str, run_id: str
) -> Response:
    """Hand out the same with every cell as it stands in its file, to be corrected.

    The audit log says so (`run.unmasked`), or nothing is handed out.
    """
    wanted = RejectQuery(form=query["as_"], part=query["file"], unmasked=True)
    return _handed_out(project, import_id, run_id, wanted)


def _handed_out(project: Project, import_id: str, run_id: str, wanted: RejectQuery) -> Response:
    """Answer with a file of rejected rows."""
    found = services().rejects.open(project, import_id, ORIGIN, run_id, wanted)
    response = Response(found.pieces, mimetype="text/csv")
    response.headers["Content-Type"] = f"text/csv; charset={found.encoding}"
    name = f"rejects-{run_id}-{found.kept.part}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@rejects.door(
    "GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/rejects/files", "imports.read"
)
@rejects.answers(RejectFileList, example=reject_examples.REJECT_FILES)
def list_reject_files(*, project: Project, import_id: str, run_id: str) -> Answer:
    """List the files of a run that have rejected rows, and how many of these are kept."""
    _, files = services().rejects.files(project, import_id, ORIGIN, run_id)
    masked = services().rejects.masks(project, import_id, ORIGIN)
    return {"files": [render_file(kept, masked=masked) for kept in files]}


@rejects.door(
    "POST /imports/v1/<project_token>/<import_id>/runs/<run_id>/rejects", "imports.trigger"
)
@rejects.reads(PartQuery, location="query")
@rejects.documents(requestBody=CORRECTED)
@rejects.answers(RepairStarted, example=reject_examples.REPAIR_STARTED)
def repair_rejects(
    query: dict[str, Any], *, project: Project, import_id: str, run_id: str
) -> Answer:
    """Take rejected rows back, corrected, and queue a run that loads them.

    The body is the file that was handed out, as it is after its cells were corrected: alone, or as
    the only file of a form. Only rows that wait are loaded, by their `_row`, in the place of the
    rejected ones; whatever is sent twice is loaded once. Malformed rows whose cells nobody changed
    stay rejected, unless `_error_code` is `ok`; rows in which it is `discard` are given up. The
    answer does not wait for it: `warnings` of the run tell how many rows came back as they were.
    """
    content = read_upload(request, services().settings.kept_rejects_bytes)
    given = Correction(content=content, part=query["file"], asked_by=g.principal.key_id)
    queued = services().repairs.start(project, import_id, ORIGIN, run_id, given)
    return {"import_id": import_id, "run_id": queued, "repairs": run_id}


@rejects.door("GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/repairs", "imports.read")
@rejects.answers(RepairList, example=reject_examples.REPAIRS)
def list_repairs(*, project: Project, import_id: str, run_id: str) -> Answer:
    """List the repairs of a run, the oldest first: by whom, when, and what became of the rows."""
    found = services().repairs.list(project, import_id, ORIGIN, run_id)
    return {"repairs": [render_repair(repair) for repair in found]}
