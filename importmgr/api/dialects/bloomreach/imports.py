"""Import definitions: list, create, read, delete."""

# tested by: tests/acceptance/test_br_definitions.py

from __future__ import annotations

from typing import Any

from flask import request

from definitions.schema import ImportDefinitionSchema
from importmgr.api.blueprint import MANAGEMENT, Answer, Blueprint
from importmgr.api.body import read_object
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.imports import (
    ImportCreated,
    ImportItem,
    ImportRead,
    render_freshness,
)
from importmgr.api.dialects.bloomreach.schemas.parts import ID, PageQuery, Success
from importmgr.api.paging import page_headers
from importmgr.services.definitions import DefinitionView
from importmgr.store.projects import Project

imports = Blueprint("imports", "Import definitions: what to import, from where, when.", DOCS)

BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": ImportDefinitionSchema,
            "examples": examples.DEFINITIONS,
        }
    },
}
HEADERS = {
    "X-Total-Count": {"schema": {"type": "integer"}, "description": "all definitions"},
    "X-Limit": {"schema": {"type": "integer"}, "description": "how many at most"},
    "X-Offset": {"schema": {"type": "integer"}, "description": "how many were left out before"},
    "Link": {"schema": {"type": "string"}, "description": "the pages `next` and `prev`"},
}


@imports.door("GET /imports/v1/<project_token>", "imports.list", budget=MANAGEMENT)
@imports.reads(PageQuery, location="query")
@imports.answers(ImportItem(many=True), example=[examples.ITEM], headers=HEADERS)
def list_imports(page: dict[str, int], *, project: Project) -> tuple[Any, dict[str, str]]:
    """List import definitions.

    A plain array in the order of creation; the figures of the page are in the headers.
    """
    found = services().definitions.list(project, ORIGIN, page["limit"], page["offset"])
    return [_item(view) for view in found.items], page_headers(request, total=found.total, **page)


@imports.door("POST /imports/v1/<project_token>", "imports.create")
@imports.documents(requestBody=BODY)
@imports.answers(ImportCreated, example={"success": True, "import_id": ID, "warnings": []})
def create_import(*, project: Project) -> Answer:
    """Create an import definition.

    The source is not contacted. What reading a definition returns may be sent as it is.
    """
    created = services().definitions.create(project, read_object(request), ORIGIN)
    warnings = services().schedules.warnings(project, created, ORIGIN)
    return {"import_id": created, "warnings": warnings}


@imports.door("GET /imports/v1/<project_token>/<import_id>", "imports.read", budget=MANAGEMENT)
@imports.answers(ImportRead, example={"success": True, "import": examples.ITEM})
def read_import(*, project: Project, import_id: str) -> Answer:
    """Read an import definition.

    Defaults are filled in. A password comes back sealed: of use for creating a copy with the same
    address and user name in this installation, and for nothing else.
    """
    return {"import_": _item(services().definitions.read(project, import_id, ORIGIN))}


@imports.door("DELETE /imports/v1/<project_token>/<import_id>", "imports.delete", budget=MANAGEMENT)
@imports.answers(Success, example={"success": True})
def delete_import(*, project: Project, import_id: str) -> Answer:
    """Delete an import definition.

    Its queued and running runs are cancelled; what they have imported stays.
    """
    services().definitions.delete(project, import_id, ORIGIN)
    return {}


def _item(view: DefinitionView) -> dict[str, Any]:
    item = {"import_id": view.id, "import_definition": view.document}
    promised = view.freshness
    return item if promised is None else {**item, "freshness": render_freshness(promised)}
