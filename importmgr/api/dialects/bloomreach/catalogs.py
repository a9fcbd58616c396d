"""Catalogs: create, list, read, replace, delete."""

# tested by: tests/acceptance/test_br_supporting.py

from __future__ import annotations

from typing import Any

from definitions.model import CatalogType
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach import examples
from importmgr.api.dialects.bloomreach.errors import DOCS
from importmgr.api.dialects.bloomreach.schemas.catalogs import (
    CatalogBody,
    CatalogCreated,
    CatalogList,
    CatalogRead,
    CatalogReplaceBody,
    CatalogsQuery,
)
from importmgr.api.dialects.bloomreach.schemas.parts import ID, Success
from importmgr.services.catalogs import CatalogView
from importmgr.store.projects import Project

catalogs = Blueprint("catalogs", "Catalogs.", DOCS)


@catalogs.door("POST /data/v2/projects/<project_token>/catalogs", "catalogs.write")
@catalogs.reads(CatalogBody, example=examples.CATALOG_BODY)
@catalogs.answers(CatalogCreated, example={"success": True, "id": ID})
def create_catalog(body: dict[str, Any], *, project: Project) -> Answer:
    """Create a catalog."""
    kind = CatalogType.PRODUCT if body["is_product_catalog"] else CatalogType.GENERIC
    created = services().catalogs.create(project, body["name"], kind, body["fields_"])
    return {"id": created}


@catalogs.door("GET /data/v2/projects/<project_token>/catalogs", "catalogs.read")
@catalogs.reads(CatalogsQuery, location="query")
@catalogs.answers(CatalogList, example=examples.CATALOGS)
def list_catalogs(page: dict[str, int], *, project: Project) -> Answer:
    """List catalogs."""
    found = services().catalogs.list(project, page["count"], page["skip"])
    return {"data": [_item(view) for view in found.items], "total": found.total}


@catalogs.door("GET /data/v2/projects/<project_token>/catalogs/<catalog_id>", "catalogs.read")
@catalogs.answers(CatalogRead, example={"success": True, "data": examples.CATALOG})
def read_catalog(*, project: Project, catalog_id: str) -> Answer:
    """Read a catalog and its fields."""
    view = services().catalogs.get(project, catalog_id)
    return {"data": {**_item(view), "fields_": view.fields}}


@catalogs.door("PUT /data/v2/projects/<project_token>/catalogs/<catalog_id>", "catalogs.write")
@catalogs.reads(CatalogReplaceBody, example=examples.CATALOG_REPLACE)
@catalogs.answers(Success, example={"success": True})
def replace_catalog(body: dict[str, Any], *, project: Project, catalog_id: str) -> Answer:
    """Replace the name and the fields of a catalog; its items stay."""
    services().catalogs.replace(project, catalog_id, body["name"], body["fields_"])
    return {}


@catalogs.door("DELETE /data/v2/projects/<project_token>/catalogs/<catalog_id>", "catalogs.write")
@catalogs.answers(Success, example={"success": True})
def delete_catalog(*, project: Project, catalog_id: str) -> Answer:
    """Delete a catalog with all its items."""
    services().catalogs.delete(project, catalog_id)
    return {}


def _item(view: CatalogView) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "is_product_catalog": view.is_product_catalog}
