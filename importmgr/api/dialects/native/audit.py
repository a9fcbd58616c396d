"""The audit log: who changed what in a project."""

# tested by: tests/integration/test_audit.py

from __future__ import annotations

from typing import Any

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.native.audit_schemas import (
    EXAMPLE,
    AuditList,
    AuditQuery,
    render_entry,
)
from importmgr.api.dialects.native.errors import DOCS
from importmgr.store.audit import AuditFilter
from importmgr.store.projects import Project

audit = Blueprint("audit", "Who changed what.", DOCS)


@audit.door("GET /api/v1/projects/<project_token>/audit", "audit.read")
@audit.reads(AuditQuery, location="query")
@audit.answers(AuditList, example={"audit": [EXAMPLE], "total": 1, "limit": 10, "offset": 0})
def list_audit(query: dict[str, Any], *, project: Project) -> Answer:
    """List changes in the project, the newest first.

    Each was written in the transaction that made the change: there is no change without its line,
    and no line without its change.
    """
    limit, offset = query.pop("limit"), query.pop("offset")
    found = services().audit.of(project, AuditFilter(**query), limit, offset)
    shown = [render_entry(entry) for entry in found.items]
    return {"audit": shown, "total": found.total, "limit": limit, "offset": offset}
