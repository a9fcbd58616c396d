"""The items of a catalog."""

# tested by: tests/acceptance/test_br_supporting.py

from __future__ import annotations

from typing import Any

from destinations.items import ItemQuery
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.schemas.catalogs import (
    FILTER_PARAMETER,
    ItemBody,
    ItemList,
    ItemsQuery,
)
from importmgr.api.dialects.bloomreach.schemas.parts import Success
from importmgr.services.catalogs import ItemView
from importmgr.store.projects import Project

items = Blueprint("items", "Items of a catalog.", DOCS)


@items.door("GET /data/v2/projects/<project_token>/catalogs/<catalog_id>/items", "catalogs.read")
@items.documents(parameters=[{"in": "query", "schema": ItemsQuery}, FILTER_PARAMETER])
@items.reads(ItemsQuery, location="query")
@items.answers(ItemList, example=examples.ITEMS)
def list_items(asked: dict[str, Any], *, project: Project, catalog_id: str) -> Answer:
    """List the items of a catalog, or those that are searched for, in the order of their ids."""
    count, skip = asked["count"], asked["skip"]
    query = ItemQuery(words=asked["search"] or None, values=asked["values"])
    found = services().catalogs.items(project, catalog_id, (count, skip), query)
    return {
        "data": [_item(view) for view in found.items],
        "total": found.total,
        "matched": found.matched,
        "matched_limited": False,
        "limit": count,
        "skip": skip,
    }


@items.door(
    "DELETE /data/v2/projects/<project_token>/catalogs/<catalog_id>/items", "catalogs.write"
)
@items.answers(Success, example={"success": True})
def delete_items(*, project: Project, catalog_id: str) -> Answer:
    """Delete all items of a catalog."""
    services().catalogs.delete_items(project, catalog_id)
    return {}


@items.door(
    "PUT /data/v2/projects/<project_token>/catalogs/<catalog_id>/items/<item_id>", "catalogs.write"
)
@items.reads(ItemBody, example=examples.ITEM_BODY)
@items.answers(Success, example={"success": True})
def put_item(body: dict[str, Any], *, project: Project, catalog_id: str, item_id: str) -> Answer:
    """Create an item or replace all its properties."""
    services().catalogs.put_item(project, catalog_id, item_id, body["properties"])
    return {}


@items.door(
    "POST /data/v2/projects/<project_token>/catalogs/<catalog_id>/items/<item_id>/partial-update",
    "catalogs.write",
)
@items.reads(ItemBody, example=examples.ITEM_BODY)
@items.answers(Success, example={"success": True})
def merge_item(body: dict[str, Any], *, project: Project, catalog_id: str, item_id: str) -> Answer:
    """Set some properties of an item and keep the others; create it when it is missing."""
    services().catalogs.merge_item(project, catalog_id, item_id, body["properties"])
    return {}


@items.door(
    "DELETE /data/v2/projects/<project_token>/catalogs/<catalog_id>/items/<item_id>",
    "catalogs.write",
)
@items.answers(Success, example={"success": True})
def delete_item(*, project: Project, catalog_id: str, item_id: str) -> Answer:
    """Delete one item."""
    services().catalogs.delete_item(project, catalog_id, item_id)
    return {}


def _item(view: ItemView) -> dict[str, Any]:
    return {
        "catalog_id": view.catalog_id,
        "item_id": view.item_id,
        "properties": view.properties,
    }
