"""People told by mail: list, create, read, update, delete, test, what was delivered."""

from __future__ import annotations

from typing import Any

from flask import request

from definitions.delivery import DeliveryState
from definitions.schema.receiver import EmailSchema
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.body import read_object
from importmgr.api.context import services
from importmgr.api.dialects.native import receiver_schemas as schemas
from importmgr.api.dialects.native.errors import DOCS
from importmgr.api.dialects.native.schemas import NativeDone, NativePage
from importmgr.store.projects import Project

emails = Blueprint("emails", "People who are told about imports by mail.", DOCS)

PATH = "/api/v1/projects/<project_token>/emails"
ONE = f"{PATH}/<email_id>"
BODY = {
    "required": True,
    "content": {"application/json": {"schema": EmailSchema, "example": schemas.EMAIL}},
}
DONE = {"success": True}


@emails.door(f"GET {PATH}", "notices.read")
@emails.reads(NativePage, location="query")
@emails.answers(
    schemas.EmailList,
    example={"emails": [schemas.EMAIL_ITEM], "total": 1, "limit": 10, "offset": 0},
)
def list_emails(page: dict[str, int], *, project: Project) -> Answer:
    """List who is told by mail, in the order of creation."""
    found = services().emails.list(project, page["limit"], page["offset"])
    items = [schemas.render_email(each) for each in found.items]
    return {"emails": items, "total": found.total, **page}


@emails.door(f"POST {PATH}", "notices.write")
@emails.documents(requestBody=BODY)
@emails.answers(schemas.EmailCreated, example={"email_id": schemas.ID})
def create_email(*, project: Project) -> Answer:
    """Let people be told by mail; nothing is sent yet."""
    return {"email_id": services().emails.create(project, read_object(request)).receiver_id}


@emails.door(f"GET {ONE}", "notices.read")
@emails.answers(schemas.EmailItem, example=schemas.EMAIL_ITEM)
def read_email(*, project: Project, email_id: str) -> Answer:
    """Read who is told by mail, and how that does."""
    return schemas.render_email(services().emails.read(project, email_id))


@emails.door(f"PUT {ONE}", "notices.write")
@emails.documents(requestBody=BODY)
@emails.answers(NativeDone, example=DONE)
def update_email(*, project: Project, email_id: str) -> Answer:
    """Replace the document.

    One that the service disabled is good again if `active` is true.
    """
    services().emails.update(project, email_id, read_object(request))
    return DONE


@emails.door(f"DELETE {ONE}", "notices.write")
@emails.answers(NativeDone, example=DONE)
def delete_email(*, project: Project, email_id: str) -> Answer:
    """Tell them no more; what waits is forgotten."""
    services().emails.delete(project, email_id)
    return DONE


@emails.door(f"POST {ONE}/test", "notices.write")
@emails.answers(schemas.ReceiverTest, example=schemas.TESTED)
def test_email(*, project: Project, email_id: str) -> Answer:
    """Mail a test at once and tell how that went.

    The answer is 200 also when it fails; `error` tells why.
    """
    return schemas.render_try(services().emails.test(project, email_id))


@emails.door(f"GET {ONE}/deliveries", "notices.read")
@emails.reads(schemas.DeliveryQuery, location="query")
@emails.answers(
    schemas.DeliveryList,
    example={"deliveries": [schemas.DELIVERY], "total": 1, "limit": 10, "offset": 0},
)
def list_email_deliveries(query: dict[str, Any], *, project: Project, email_id: str) -> Answer:
    """List what was mailed, or is to be, with how each try went; the newest first."""
    state = query.pop("state")
    wanted = None if state is None else DeliveryState(state)
    page = (query["limit"], query["offset"])
    found = services().emails.deliveries(project, email_id, wanted, page)
    items = [schemas.render_delivery(each) for each in found.items]
    return {"deliveries": items, "total": found.total, **query}


@emails.door(f"POST {ONE}/deliveries/<notice_id>/redeliver", "notices.write")
@emails.answers(NativeDone, example=DONE)
def redeliver_to_email(*, project: Project, email_id: str, notice_id: str) -> Answer:
    """Queue a delivery once more, under the same id, whatever became of it."""
    services().emails.redeliver(project, email_id, notice_id)
    return DONE
