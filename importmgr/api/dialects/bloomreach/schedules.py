"""When a definition fires: an extension, the vendor shows none of it."""

# tested by: tests/acceptance/test_br_schedules.py

from __future__ import annotations

from typing import Any

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.schedules import (
    NextRunList,
    NextRunsQuery,
    render_fire,
)
from importmgr.store.projects import Project

schedules = Blueprint("schedules", "Schedules of definitions: when they fire.", DOCS)


@schedules.door("GET /imports/v1/<project_token>/<import_id>/next-runs", "imports.read")
@schedules.reads(NextRunsQuery, location="query")
@schedules.answers(NextRunList, example=examples.NEXT_RUNS)
def list_next_runs(query: dict[str, Any], *, project: Project, import_id: str) -> Answer:
    """List the next instants at which a definition fires.

    They are computed as the service itself computes them. What has no schedule has none.
    """
    found = services().schedules.next_runs(
        project, import_id, ORIGIN, query["count"], query["after"]
    )
    return {"active": found.active, "next_runs": [render_fire(fire) for fire in found.fires]}
