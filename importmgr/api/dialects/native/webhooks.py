"""Webhooks: list, create, read, update, delete, test, rotate, what was delivered."""

from __future__ import annotations

from typing import Any

from flask import request

from definitions.delivery import DeliveryState
from definitions.schema.receiver import WebhookSchema
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.body import read_object
from importmgr.api.context import services
from importmgr.api.dialects.native import receiver_schemas as schemas
from importmgr.api.dialects.native.errors import DOCS
from importmgr.api.dialects.native.schemas import NativeDone, NativePage
from importmgr.store.projects import Project

webhooks = Blueprint("webhooks", "Programs that are told about imports.", DOCS)

PATH = "/api/v1/projects/<project_token>/webhooks"
ONE = f"{PATH}/<webhook_id>"
BODY = {
    "required": True,
    "content": {"application/json": {"schema": WebhookSchema, "example": schemas.WEBHOOK}},
}
DONE = {"success": True}


@webhooks.door(f"GET {PATH}", "notices.read")
@webhooks.reads(NativePage, location="query")
@webhooks.answers(
    schemas.WebhookList,
    example={"webhooks": [schemas.WEBHOOK_ITEM], "total": 1, "limit": 10, "offset": 0},
)
def list_webhooks(page: dict[str, int], *, project: Project) -> Answer:
    """List webhooks in the order of their creation."""
    found = services().webhooks.list(project, page["limit"], page["offset"])
    items = [schemas.render_webhook(each) for each in found.items]
    return {"webhooks": items, "total": found.total, **page}


@webhooks.door(f"POST {PATH}", "notices.write")
@webhooks.documents(requestBody=BODY)
@webhooks.answers(schemas.WebhookSecret, example=schemas.SECRET)
def create_webhook(*, project: Project) -> Answer:
    """Create a webhook.

    Nothing is sent to it yet. The answer holds the secret that signs, shown this once.
    """
    return schemas.render_secret(services().webhooks.create(project, read_object(request)))


@webhooks.door(f"GET {ONE}", "notices.read")
@webhooks.answers(schemas.WebhookItem, example=schemas.WEBHOOK_ITEM)
def read_webhook(*, project: Project, webhook_id: str) -> Answer:
    """Read a webhook, and how it does."""
    return schemas.render_webhook(services().webhooks.read(project, webhook_id))


@webhooks.door(f"PUT {ONE}", "notices.write")
@webhooks.documents(requestBody=BODY)
@webhooks.answers(NativeDone, example=DONE)
def update_webhook(*, project: Project, webhook_id: str) -> Answer:
    """Replace a webhook's document, its secret apart.

    One that the service disabled is good again if `active` is true.
    """
    services().webhooks.update(project, webhook_id, read_object(request))
    return DONE


@webhooks.door(f"DELETE {ONE}", "notices.write")
@webhooks.answers(NativeDone, example=DONE)
def delete_webhook(*, project: Project, webhook_id: str) -> Answer:
    """Delete a webhook with its deliveries, also those that wait."""
    services().webhooks.delete(project, webhook_id)
    return DONE


@webhooks.door(f"POST {ONE}/test", "notices.write")
@webhooks.answers(schemas.ReceiverTest, example=schemas.TESTED)
def test_webhook(*, project: Project, webhook_id: str) -> Answer:
    """Send a test notice at once and tell how that went.

    The answer is 200 also when it fails; `error` tells why.
    """
    return schemas.render_try(services().webhooks.test(project, webhook_id))


@webhooks.door(f"POST {ONE}/rotate-secret", "notices.write")
@webhooks.answers(schemas.WebhookSecret, example=schemas.SECRET)
def rotate_webhook_secret(*, project: Project, webhook_id: str) -> Answer:
    """Sign with a new secret from now on, and for a day with the present one too."""
    return schemas.render_secret(services().webhooks.rotate_secret(project, webhook_id))


@webhooks.door(f"GET {ONE}/deliveries", "notices.read")
@webhooks.reads(schemas.DeliveryQuery, location="query")
@webhooks.answers(
    schemas.DeliveryList,
    example={"deliveries": [schemas.DELIVERY], "total": 1, "limit": 10, "offset": 0},
)
def list_webhook_deliveries(query: dict[str, Any], *, project: Project, webhook_id: str) -> Answer:
    """List what was sent to a webhook, or is to be, with how each try went; the newest first."""
    state = query.pop("state", None)
    wanted = None if state is None else DeliveryState(state)
    page = (query["limit"], query["offset"])
    found = services().webhooks.deliveries(project, webhook_id, wanted, page)
    items = [schemas.render_delivery(each) for each in found.items]
    return {"deliveries": items, "total": found.total, **query}


@webhooks.door(f"POST {ONE}/deliveries/<notice_id>/redeliver", "notices.write")
@webhooks.answers(NativeDone, example=DONE)
def redeliver_to_webhook(*, project: Project, webhook_id: str, notice_id: str) -> Answer:
    """Queue a delivery once more, under the same id, whatever became of it."""
    services().webhooks.redeliver(project, webhook_id, notice_id)
    return DONE
