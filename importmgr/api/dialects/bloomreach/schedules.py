"""When a definition fires, whether it does, and why it did: extensions, the vendor has none."""

# tested by: tests/acceptance/test_br_schedules.py

from __future__ import annotations

from typing import Any

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.schemas.parts import Success
from importmgr.api.dialects.bloomreach.schemas.schedules import (
    DecisionList,
    DecisionsQuery,
    NextRunList,
    NextRunsQuery,
    render_decision,
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


@schedules.door("POST /imports/v1/<project_token>/<import_id>/activate", "imports.create")
@schedules.answers(Success, example={"success": True})
def activate_import(*, project: Project, import_id: str) -> Answer:
    """Let a definition run by itself, from now on.

    Instants that passed while it was inactive are not made up for.
    """
    services().schedules.activate(project, import_id, ORIGIN)
    return {}


@schedules.door("POST /imports/v1/<project_token>/<import_id>/deactivate", "imports.create")
@schedules.answers(Success, example={"success": True})
def deactivate_import(*, project: Project, import_id: str) -> Answer:
    """Let a definition not run by itself any more, at once.

    Runs that are queued or running go on; the definition can still be started.
    """
    services().schedules.deactivate(project, import_id, ORIGIN)
    return {}


@schedules.door("GET /imports/v1/<project_token>/<import_id>/decisions", "imports.read")
@schedules.reads(DecisionsQuery, location="query")
@schedules.answers(DecisionList, example=examples.DECISIONS)
def list_decisions(query: dict[str, Any], *, project: Project, import_id: str) -> Answer:
    """List what the service decided about a definition by itself, the newest first.

    A look for new files that changed nothing is no decision of its own: `last_look` says how the
    last one went, and since when nothing changes.
    """
    since, page = query.pop("since"), (query["limit"], query["offset"])
    schedules_ = services().schedules
    found = schedules_.decisions(project, import_id, ORIGIN, page, since)
    look = schedules_.last_look(project, import_id, ORIGIN)
    return {
        "decisions": [render_decision(decision) for decision in found.items],
        "last_look": None if look is None else render_decision(look),
        "total": found.total,
        **query,
    }
