"""What is kept of a customer: told, exported, forgotten."""

# tested by: tests/acceptance/test_br_supporting.py

from __future__ import annotations

from typing import Any

from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.schemas.customers import (
    AnonymizeBody,
    Attributes,
    AttributesBody,
    CustomerExported,
    CustomerIdsBody,
)
from importmgr.api.dialects.bloomreach.schemas.parts import Success
from importmgr.store.projects import Project

customers = Blueprint("customers", "What is kept of a customer.", DOCS)


@customers.door("POST /data/v2/projects/<project_token>/customers/export-one", "customers.read")
@customers.reads(CustomerIdsBody, example=examples.CUSTOMER_IDS)
@customers.answers(CustomerExported, example=examples.EXPORT)
def export_customer(body: dict[str, Any], *, project: Project) -> Answer:
    """Export all that is kept of one customer."""
    export = services().customers.export(project, body["customer_ids"])
    return {"ids": export.ids, "properties": export.properties, "events": export.events}


@customers.door("POST /data/v2/projects/<project_token>/customers/attributes", "customers.read")
@customers.reads(AttributesBody, example=examples.ATTRIBUTES_BODY)
@customers.answers(Attributes, example=examples.ATTRIBUTES)
def tell_attributes(body: dict[str, Any], *, project: Project) -> Answer:
    """Tell properties and identifiers of one customer, in the order asked for."""
    results = services().customers.attributes(project, body["customer_ids"], body["attributes"])
    return {"results": results}


@customers.door(
    "POST /data/v2/projects/<project_token>/customers/anonymize_bulk", "customers.write"
)
@customers.reads(AnonymizeBody, example=examples.ANONYMIZE)
@customers.answers(Success, example={"success": True})
def anonymize_customers(body: dict[str, Any], *, project: Project) -> Answer:
    """Forget who some customers are."""
    services().customers.anonymize(project, [one["customer_ids"] for one in body["customers"]])
    return {}
