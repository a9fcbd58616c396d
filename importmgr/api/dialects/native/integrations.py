"""Integrations: list, create, read, test, trust, delete."""

# tested by: tests/acceptance/test_integrations.py

from __future__ import annotations

from typing import Any

from flask import g, request

from definitions.schema.integration import SSH_PORT, IntegrationSchema
from importmgr.api.blueprint import OPTIONAL_OBJECT, Answer, Blueprint
from importmgr.api.body import read_object
from importmgr.api.context import services
from importmgr.api.dialects.native import schemas
from importmgr.api.dialects.native.errors import DOCS
from importmgr.store.projects import Project

integrations = Blueprint("integrations", "Stored connections to file storages.", DOCS)

PATH = "/api/v1/projects/<project_token>/integrations"
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": IntegrationSchema,
            "examples": {"sftp": {"value": schemas.SFTP}, "local": {"value": schemas.LOCAL}},
        }
    },
}


@integrations.door(f"GET {PATH}", "integrations.read")
@integrations.reads(schemas.NativePage, location="query")
@integrations.answers(
    schemas.IntegrationList,
    example={"integrations": [schemas.ITEM], "total": 1, "limit": 10, "offset": 0},
)
def list_integrations(page: dict[str, int], *, project: Project) -> Answer:
    """List integrations in the order of their creation."""
    found = services().integrations.list(project, page["limit"], page["offset"])
    items = [schemas.render_item(view) for view in found.items]
    return {"integrations": items, "total": found.total, **page}


@integrations.door(f"POST {PATH}", "integrations.write")
@integrations.documents(requestBody=BODY)
@integrations.answers(schemas.IntegrationCreated, example={"integration_id": schemas.ID})
def create_integration(*, project: Project) -> Answer:
    """Create an integration.

    Nothing is connected to. What reading an integration returns may be sent as it is.
    """
    return {"integration_id": services().integrations.create(project, read_object(request))}


@integrations.door(f"GET {PATH}/<integration_id>", "integrations.read")
@integrations.answers(schemas.IntegrationItem, example=schemas.ITEM)
def read_integration(*, project: Project, integration_id: str) -> Answer:
    """Read an integration.

    Secrets come back sealed: of use for creating a copy with the same address and user name in
    this installation, and for nothing else.
    """
    return schemas.render_item(services().integrations.read(project, integration_id))


@integrations.door(f"DELETE {PATH}/<integration_id>", "integrations.write")
@integrations.answers(schemas.NativeDone, example={"success": True})
def delete_integration(*, project: Project, integration_id: str) -> Answer:
    """Delete an integration that no definition uses any more."""
    services().integrations.delete(project, integration_id)
    return {"success": True}


@integrations.door(f"POST {PATH}/<integration_id>/test", "integrations.read")
@integrations.reads(schemas.StorageQuestion, location=OPTIONAL_OBJECT, example={"write": True})
@integrations.answers(schemas.StorageTest, example=schemas.REPORT)
def test_integration(body: dict[str, Any], *, project: Project, integration_id: str) -> Answer:
    """Connect to the storage, list its folder and ask for its time.

    With `write` a small file is written there, or in the folder `path` below, renamed and deleted,
    as `after_success` needs it; the key needs `integrations.write` for that. The answer is 200 also
    when something fails; `trouble` and `error` tell why.
    """
    if not body["write"]:
        return schemas.render_report(services().integrations.test(project, integration_id))
    services().access.authorize(g.principal, project.token, "integrations.write")
    found = services().integrations.test_writing(project, integration_id, body["path"])
    return schemas.render_report(found)


@integrations.door(f"POST {PATH}/<integration_id>/trust", "integrations.write")
@integrations.reads(schemas.HostKey, example={"host_key": schemas.FINGERPRINT})
@integrations.answers(schemas.NativeDone, example={"success": True})
def trust_host_key(body: dict[str, Any], *, project: Project, integration_id: str) -> Answer:
    """Trust another host key of an SFTP server, which must be the one that it shows now."""
    services().integrations.trust(project, integration_id, body["host_key"])
    return {"success": True}


@integrations.door("POST /api/v1/projects/<project_token>/host-key", "integrations.write")
@integrations.reads(
    schemas.HostKeyQuestion, example={"host": "files.example.test", "port": SSH_PORT}
)
@integrations.answers(schemas.HostKey, example={"host_key": schemas.FINGERPRINT})
def show_host_key(body: dict[str, Any], *, project: Project) -> Answer:  # noqa: ARG001 - the guard has checked it
    """Show the host key of an SFTP server, for comparing it with what its operator says."""
    return {"host_key": services().integrations.host_key(body["host"], body["port"])}
