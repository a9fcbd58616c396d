"""Catalogs and their items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load

from definitions.schema.fields import DocumentSchema, Flag, Items, Part, Text
from definitions.schema.rules import length, or_default
from importmgr.api.dialects.bloomreach.schemas.parts import (
    FAR,
    MAX_COUNT,
    NAMED,
    Success,
    count,
    our_id,
    told,
)
from importmgr.api.fields import PropertyMap, QueryWhole

MAX_SEARCH = 1000
FILTER = re.compile(r"filter\[(.+)\]", re.DOTALL)
FILTER_PARAMETER = {
    "in": "query",
    "name": "filter",
    "style": "deepObject",
    "explode": True,
    "description": "what indexed fields must be, each as `filter[field]=value`: a text as it is, a "
    "number or boolean as JSON writes it; of several fields, all",
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    "example": {"color": "blue"},
}


class CatalogsQuery(DocumentSchema):
    """Which part of the list of catalogs."""

    count = QueryWhole(1, MAX_COUNT, 100, "how many at most")
    skip = QueryWhole(0, FAR, 0, "how many to leave out at the beginning")


class ItemsQuery(DocumentSchema):
    """Which items, and which part of their list; `filter[field]` parameters become `values`."""

    count = QueryWhole(1, MAX_COUNT, 20, "how many at most")
    skip = QueryWhole(0, FAR, 0, "how many to leave out at the beginning")
    search = Text(
        load_default="",
        validate=length(0, MAX_SEARCH),
        metadata={
            "description": "words that must all be in one searchable field, in upper or lower case",
            "example": "blue shirt",
        },
    )

    @post_load(pass_original=True)
    def _gather_filters(
        self, data: dict[str, Any], original: Mapping[str, str], **_: object
    ) -> dict[str, Any]:
        """Add the value that each field must have."""
        names = {name: FILTER.fullmatch(name) for name in original}
        values = {found[1]: original[name] for name, found in names.items() if found}
        return {**data, "values": values}


class CatalogField(DocumentSchema):
    """A field of a catalog."""

    name = Text(required=True, validate=NAMED, metadata={"description": "name of the field"})
    type = Text(
        **or_default("string"), validate=NAMED, metadata={"description": "kind of its values"}
    )
    searchable = Flag(**or_default(default=False))
    indexed = Flag(**or_default(default=False))


class CatalogBody(DocumentSchema):
    """A catalog to create."""

    name = Text(required=True, validate=NAMED, metadata={"description": "unique in the project"})
    is_product_catalog = Flag(**or_default(default=False))
    fields_ = Items(Part(CatalogField), load_default=list, data_key="fields")


class CatalogReplaceBody(DocumentSchema):
    """The new name and fields of a catalog."""

    name = Text(required=True, validate=NAMED, metadata={"description": "unique in the project"})
    fields_ = Items(Part(CatalogField), required=True, data_key="fields")


class CatalogCreated(Success):
    """The id of a new catalog."""

    id = our_id("id of the new catalog")


class CatalogItem(DocumentSchema):
    """A catalog in a list."""

    id = our_id("id of the catalog")
    name = told("its name")
    is_product_catalog = fields.Boolean(required=True)


class CatalogFull(CatalogItem):
    """A catalog with its fields."""

    fields_ = fields.List(fields.Nested(CatalogField), required=True, data_key="fields")


class CatalogList(Success):
    """A page of catalogs."""

    data = fields.List(fields.Nested(CatalogItem), required=True)
    total = count("all catalogs of the project")


class CatalogRead(Success):
    """One catalog."""

    data = fields.Nested(CatalogFull, required=True)


class Item(DocumentSchema):
    """One item of a catalog."""

    catalog_id = our_id("id of the catalog")
    item_id = told("id of the item")
    properties = PropertyMap("the item's properties", required=True)


class ItemList(Success):
    """A page of items."""

    data = fields.List(fields.Nested(Item), required=True)
    total = count("all items of the catalog")
    matched = count("the items that `search` and `filter` leave")
    matched_limited = fields.Boolean(required=True)
    limit = count("how many at most")
    skip = count("how many were left out at the beginning")


class ItemBody(DocumentSchema):
    """The properties of an item."""

    properties = PropertyMap("values by name", required=True)
