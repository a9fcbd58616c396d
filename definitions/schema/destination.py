"""The destination of a document: customers, events or a catalog."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema, ValidationError

from definitions.model import CatalogType
from definitions.schema.fields import DocumentSchema, Flag, Part, Text, Variant
from definitions.schema.rules import length, one_of, or_default

CUSTOMERS = "customer_destination"
EVENTS = "event_destination"
CATALOG = "catalog_destination"
_MAX_NAME = 500  # fits an index entry of every store, whatever the letters


class CustomerOptionsSchema(DocumentSchema):
    """Nothing to choose."""


class EventOptionsSchema(DocumentSchema):
    """Which events rows become."""

    event_type = Text(
        allow_none=True,
        validate=length(1, _MAX_NAME),
        metadata={
            "description": "When absent, each row gives it in what is mapped to `event_type`, or "
            "in a column of that name.",
            "example": "purchase",
        },
    )
    event_triggers = Flag(
        **or_default(default=False),
        metadata={"description": "Whether imported events may start automations."},
    )


class CatalogAttributesSchema(DocumentSchema):
    """What kind of catalog it is, should it have to be created."""

    catalog_type = Text(
        required=True, validate=one_of(CatalogType), metadata={"example": "product"}
    )
    associated_product_catalog_id = Text(
        allow_none=True,
        validate=length(0, _MAX_NAME),
        metadata={"description": "The products that `variants` belong to; else without meaning."},
    )


class CatalogOptionsSchema(DocumentSchema):
    """Which catalog rows become items of."""

    catalog_name = Text(
        required=True,
        validate=length(1, _MAX_NAME),
        metadata={
            "description": "Found by its exact name in the project, or created.",
            "example": "Products Catalog",
        },
    )
    catalog_attributes = Part(CatalogAttributesSchema, allow_none=True)


def _object_for_empty_array(value: object) -> object:
    """Return `{}` for `[]`: some languages cannot write an empty map otherwise."""
    return {} if value == [] else value


class CustomerDestinationSchema(DocumentSchema):
    """Rows become customers."""

    customer_destination = Part(
        CustomerOptionsSchema, required=True, pre_load=_object_for_empty_array
    )


class EventDestinationSchema(DocumentSchema):
    """Rows become events of customers."""

    event_destination = Part(EventOptionsSchema, required=True)


class CatalogDestinationSchema(DocumentSchema):
    """Rows become items of a catalog."""

    catalog_destination = Part(CatalogOptionsSchema, required=True)


class DestinationField(Variant):
    """The destination, whose shape follows from its one key."""

    def choose(self, value: Mapping[str, object]) -> Schema:
        """Return the schema of the destination that is meant."""
        given = destinations_in(value)
        if len(given) == 1:
            return _SCHEMAS[given[0]]
        found = " and ".join(given) or "none"
        msg = f"must have exactly one of {', '.join(_SCHEMAS)}, not {found}"
        raise ValidationError(msg)


def destinations_in(value: Mapping[str, object]) -> list[str]:
    """Return which destinations an object names; null does not count."""
    return [key for key in _SCHEMAS if value.get(key) is not None]


_SCHEMAS: Mapping[str, Schema] = {
    CUSTOMERS: CustomerDestinationSchema(),
    EVENTS: EventDestinationSchema(),
    CATALOG: CatalogDestinationSchema(),
}
