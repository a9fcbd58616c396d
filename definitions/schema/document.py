"""The whole document: its schema, and its one normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from definitions.errors import InvalidError
from definitions.running import HIGHEST, LONGEST_STALL
from definitions.schema.brakes import BrakesSchema
from definitions.schema.destination import DestinationField
from definitions.schema.fields import ExtendedSchema, Flag, Number, Part, Text, Whole
from definitions.schema.freshness import FreshnessSchema
from definitions.schema.keys import key_problems
from definitions.schema.mapping import MappingSchema
from definitions.schema.retry import RetrySchema
from definitions.schema.rules import between, json_kind, length, or_default
from definitions.schema.source import SourceField
from definitions.schema.tolerances import tolerated
from definitions.schema.trigger import TriggerField

_MAX_NAME = 1_000


class ImportDefinitionSchema(ExtendedSchema):
    """What to import, from where, when, and into what."""

    ours = frozenset({"stall_timeout", "retry", "brakes", "freshness", "priority"})

    name = Text(
        required=True,
        validate=length(1, _MAX_NAME),
        metadata={"description": "For people; need not be unique.", "example": "CRM nightly"},
    )
    trigger = TriggerField(
        required=True, metadata={"allOf": [{"$ref": "#/components/schemas/Trigger"}]}
    )
    active = Flag(
        **or_default(default=True),
        metadata={"description": "Whether it runs by itself; it can always be run by hand."},
    )
    source = SourceField(
        required=True, metadata={"allOf": [{"$ref": "#/components/schemas/Source"}]}
    )
    destination = DestinationField(
        required=True, metadata={"allOf": [{"$ref": "#/components/schemas/Destination"}]}
    )
    mapping = Part(MappingSchema, required=True)
    stall_timeout = Number(
        allow_none=True,
        validate=between(1, LONGEST_STALL),
        metadata={
            "description": "Seconds without a byte and without a batch after which a run is "
            "stopped and tried again.",
            "example": 600,
        },
    )
    retry = Part(RetrySchema, allow_none=True)
    brakes = Part(BrakesSchema, allow_none=True)
    freshness = Part(FreshnessSchema, allow_none=True)
    priority = Whole(
        allow_none=True,
        validate=between(-HIGHEST, HIGHEST),
        metadata={
            "description": "Runs of a greater one go first, 0 unless given; those of one "
            "definition stay in their order.",
            "example": 10,
        },
    )


def normalise(document: object) -> dict[str, Any]:
    """Return the one normal form of a definition document, tolerances undone and defaults written.

    Normalising it again changes nothing. Raise `InvalidError` with every problem, each under the
    path of its field.
    """
    if not isinstance(document, Mapping):
        raise InvalidError({"body": [f"must be a JSON object, not {json_kind(document)}"]})
    draft = tolerated(document)
    problems: dict[str, list[str]] = {}
    normal: dict[str, Any] = {}
    try:
        normal = _SCHEMA.load(draft)
    except ValidationError as exc:
        problems = {path: list(texts) for path, texts in flat(exc.messages)}
    for path, text in key_problems(draft):
        texts = problems.setdefault(path, [])
        if text not in texts:
            texts.append(text)
    if problems:
        raise InvalidError(problems)
    return normal


def flat(messages: object, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the messages of nested fields under dotted paths."""
    if not isinstance(messages, Mapping):
        yield path or "body", messages if isinstance(messages, list) else [str(messages)]
        return
    for key, inner in messages.items():
        own = key == "_schema"
        yield from flat(inner, path if own else f"{path}.{key}" if path else str(key))


_SCHEMA = ImportDefinitionSchema()
