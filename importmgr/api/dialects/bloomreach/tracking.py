"""Customers and events as they happen, one by one or in batches, and the server's clock."""

# tested by: tests/acceptance/test_br_supporting.py

from __future__ import annotations

from typing import Any

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.commands import add_event, do, upsert
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.schemas.parts import TrackSuccess
from importmgr.api.dialects.bloomreach.schemas.tracking import (
    BatchBody,
    BatchDone,
    CustomerBody,
    EventBody,
    Time,
)
from importmgr.store.projects import Project

tracking = Blueprint("tracking", "Customers and events, one by one, and the clock.", DOCS)

DONE = {"success": True, "errors": []}


@tracking.door("GET /track/v2/projects/<project_token>/system/time", None)
@tracking.answers(Time, example={**DONE, "time": 1533663283.89})
def system_time(*, project: Project) -> Answer:  # noqa: ARG001 - the guard has checked it
    """Tell the server's time; connectors test their credentials with it."""
    return {"time": services().clock.now().timestamp()}


@tracking.door("POST /track/v2/projects/<project_token>/customers", "customers.write")
@tracking.reads(CustomerBody, example=examples.CUSTOMER_BODY)
@tracking.answers(TrackSuccess, example=DONE)
def track_customer(body: dict[str, Any], *, project: Project) -> Answer:
    """Find or make a customer and set properties."""
    upsert(project, body)
    return {}


@tracking.door("POST /track/v2/projects/<project_token>/customers/events", "events.write")
@tracking.reads(EventBody, example=examples.EVENT_BODY)
@tracking.answers(TrackSuccess, example=DONE)
def track_event(body: dict[str, Any], *, project: Project) -> Answer:
    """Add an event to a customer, who is made if need be."""
    add_event(project, body)
    return {}


@tracking.door("POST /track/v2/projects/<project_token>/batch", None)
@tracking.reads(BatchBody, example=examples.BATCH_BODY)
@tracking.answers(BatchDone, example=examples.BATCH)
def track_batch(body: dict[str, Any], *, project: Project) -> Answer:
    """Do up to 50 commands in order; one that fails does not stop the others.

    Each command needs the permission of its own address.
    """
    clock = services().clock
    began = clock.now().timestamp()
    results = [do(project, command) for command in body["commands"]]
    return {"results": results, "start_time": began, "end_time": clock.now().timestamp()}
