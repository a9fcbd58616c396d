"""Rejected rows of runs: handed out to be corrected; an extension, the vendor has none."""

from __future__ import annotations

from typing import Any

from flask import Response

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.rejects import (
    RejectFileList,
    RejectsQuery,
    render_file,
)
from importmgr.services.rejects import RejectQuery
from importmgr.store.projects import Project

rejects = Blueprint("rejects", "Rejected rows of a run: handed out, corrected.", DOCS)


@rejects.door("GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/rejects", "rejects.read")
@rejects.reads(RejectsQuery, location="query")
@rejects.sends("text/csv", example=examples.REJECTS)
def read_rejects(
    query: dict[str, Any], *, project: Project, import_id: str, run_id: str
) -> Response:
    """Hand out the rejected rows of a run that wait for a repair, as a file.

    `as=original` has each row byte by byte as it stands in its file, in that file's encoding and
    dialect; `as=spreadsheet` is CSV in UTF-8 with no cell that could become a formula. Both begin
    with the columns `_line`, `_row`, `_error_code`, `_error_column` and `_error`.
    """
    wanted = RejectQuery(form=query["as_"], part=query["file"])
    found = services().rejects.open(project, import_id, ORIGIN, run_id, wanted)
    response = Response(found.pieces, mimetype="text/csv")
    response.headers["Content-Type"] = f"text/csv; charset={found.encoding}"
    name = f"rejects-{run_id}-{found.kept.part}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@rejects.door(
    "GET /imports/v1/<project_token>/<import_id>/runs/<run_id>/rejects/files", "imports.read"
)
@rejects.answers(RejectFileList, example=examples.REJECT_FILES)
def list_reject_files(*, project: Project, import_id: str, run_id: str) -> Answer:
    """List the files of a run that have rejected rows, and how many of these are kept."""
    _, files = services().rejects.files(project, import_id, ORIGIN, run_id)
    return {"files": [render_file(kept) for kept in files]}
