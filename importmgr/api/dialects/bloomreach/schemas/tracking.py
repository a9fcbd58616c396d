"""Customers and events one by one, and batches of both."""

from __future__ import annotations

from marshmallow import ValidationError, fields
from marshmallow.validate import Length

from definitions.schema.fields import DocumentSchema, Items, Part, Text
from definitions.schema.rules import json_kind
from importmgr.api.dialects.bloomreach.schemas.customers import CustomerIdsBody
from importmgr.api.dialects.bloomreach.schemas.parts import (
    NAMED,
    Success,
    TrackSuccess,
    epoch,
)
from importmgr.api.fields import Instant, PropertyMap

MAX_COMMANDS = 50


class CustomerBody(CustomerIdsBody):
    """A customer to find or make, and properties to set."""

    properties = PropertyMap("properties to set; the others stay")
    update_timestamp = Instant("when this was true; the later write wins, property by property")


class EventBody(CustomerIdsBody):
    """Something a customer did."""

    event_type = Text(required=True, validate=NAMED, metadata={"description": "what happened"})
    timestamp = Instant("when; now if absent")
    properties = PropertyMap("what belongs to it")


class Time(TrackSuccess):
    """The server's clock."""

    time = epoch("now")


class CommandId(fields.Field[str | None]):
    """A text or a whole number, which comes back as a text."""

    plain = True

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            msg = f"must be a string or a whole number, not {json_kind(value)}"
            raise ValidationError(msg)
        return str(value)


class Command(DocumentSchema):
    """One command of a batch."""

    name = Text(
        required=True, metadata={"description": "`customers`, `customers/events` or `system/time`"}
    )
    command_id = CommandId(
        load_default=None,
        allow_none=True,
        metadata={
            "type": ["string", "integer"],
            "description": "comes back as a text with this command's result",
        },
    )
    data = PropertyMap("the body that the command's own address takes")


class Unread(Part):
    """Takes a part as it came; whoever does it reads it, so that one bad part spoils no other."""

    def deserialize(self, value: object, *_: object, **__: object) -> object:
        """Return the value, also none at all."""
        return value


class BatchBody(DocumentSchema):
    """Commands, done in order."""

    commands = Items(
        Unread(Command),
        required=True,
        validate=Length(1, MAX_COMMANDS, error="must have {min} to {max} elements"),
    )


class CommandResult(DocumentSchema):
    """What became of one command."""

    command_id = fields.String(metadata={"description": "as it was given", "example": "17"})
    success = fields.Boolean(required=True)
    errors = fields.List(fields.String(), metadata={"description": "why it failed"})
    time = fields.Float(metadata={"description": "epoch seconds, for `system/time`"})


class BatchDone(Success):
    """The result of every command, in their order."""

    results = fields.List(fields.Nested(CommandResult), required=True, metadata={"minItems": 1})
    start_time = epoch("when the first command began")
    end_time = epoch("when the last command ended")
