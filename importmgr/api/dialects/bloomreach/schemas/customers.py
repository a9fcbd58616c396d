"""Customers: asked about, exported, forgotten."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Length

from definitions.schema.fields import DocumentSchema, Items, Part, Text
from importmgr.api.dialects.bloomreach.schemas.parts import Success, epoch, told
from importmgr.api.fields import CustomerIds, PropertyMap

MAX_CUSTOMERS = 1000
MAX_ATTRIBUTES = 1000


class CustomerIdsBody(DocumentSchema):
    """Which customer."""

    customer_ids = CustomerIds()


class ExportedEvent(DocumentSchema):
    """An event as exported."""

    type = told("what happened")
    timestamp = epoch("when")
    properties = PropertyMap("what belongs to it", required=True)


class CustomerExported(Success):
    """All that is kept of one customer."""

    ids = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    properties = PropertyMap("the customer's properties", required=True)
    events = fields.List(fields.Nested(ExportedEvent), required=True)


class Attribute(DocumentSchema):
    """What to tell of a customer: a property or an identifier."""

    type = Text(required=True, metadata={"description": "`property` or `id`"})
    property = Text(
        allow_none=True, metadata={"description": "name of the property, for `property`"}
    )
    id = Text(allow_none=True, metadata={"description": "name of the identifier, for `id`"})


class AttributesBody(CustomerIdsBody):
    """What to tell of which customer."""

    attributes = Items(
        Part(Attribute),
        required=True,
        validate=Length(max=MAX_ATTRIBUTES, error="must have at most {max} elements"),
    )


class AttributeValue(DocumentSchema):
    """One answer; null when nothing is kept under the name."""

    success = fields.Boolean(required=True)
    value = fields.Raw(allow_none=True)
    errors = fields.List(fields.String(), metadata={"description": "why there is no value"})


class Attributes(Success):
    """Answers in the order of the questions."""

    results = fields.List(fields.Nested(AttributeValue), required=True)


class AnonymizeBody(DocumentSchema):
    """Customers to forget."""

    customers = Items(
        Part(CustomerIdsBody),
        required=True,
        validate=Length(1, MAX_CUSTOMERS, error="must have {min} to {max} elements"),
    )
