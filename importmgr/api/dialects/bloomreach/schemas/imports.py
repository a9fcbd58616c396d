"""Import definitions and starting them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from definitions.freshness import Freshness, FreshnessState
from definitions.running import HIGHEST
from definitions.schema.fields import DocumentSchema, Flag, Text, Whole
from definitions.schema.rules import between
from importmgr.api.dialects.bloomreach.schemas.parts import Success, epoch, our_id


class FreshnessItem(DocumentSchema):
    """How the promise of a definition stands."""

    state = fields.String(
        required=True,
        metadata={
            "enum": list(FreshnessState),
            "description": "`off`: the definition is inactive, and promises nothing",
        },
    )
    due = epoch("when it breaks, or broke, without a good run", allow_none=True)
    broken_since = epoch("when it was found broken", allow_none=True)
    last_good = epoch("when the last good run ended", allow_none=True)


class ImportItem(DocumentSchema):
    """A definition and its id."""

    import_id = our_id("id of the definition")
    import_definition = fields.Raw(
        required=True,
        metadata={"allOf": [{"$ref": "#/components/schemas/ImportDefinition"}]},
    )
    freshness = fields.Nested(
        FreshnessItem, metadata={"description": "only if the definition promises to be fresh"}
    )


def render_freshness(freshness: Freshness) -> dict[str, Any]:
    """Return how the promise of a definition stands."""
    return {
        "state": freshness.state,
        "due": _epoch(freshness.due_at),
        "broken_since": _epoch(freshness.broken_since),
        "last_good": _epoch(freshness.last_good_at),
    }


def _epoch(instant: datetime | None) -> float | None:
    return None if instant is None else instant.timestamp()


class ImportCreated(Success):
    """The id of a new definition."""

    import_id = our_id("id of the new definition")
    warnings = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "what its owner should know, such as a schedule that never fires"},
    )


class ImportRead(Success):
    """One definition, fit to be sent to create unchanged."""

    import_ = fields.Nested(ImportItem, required=True, data_key="import")


class StartBody(DocumentSchema):
    """How to start one run; every member may be left out."""

    path = Text(
        allow_none=True, metadata={"description": "location to import from, for this run only"}
    )
    path_to_overwrite = Text(allow_none=True, metadata={"description": "another name of `path`"})
    test_connection = Flag(
        allow_none=True,
        metadata={"description": "look at the source first and refuse when it cannot be read"},
    )

    priority = Whole(
        allow_none=True,
        validate=between(-HIGHEST, HIGHEST),
        metadata={"description": "how soon, instead of what the definition says"},
    )

    @validates_schema
    def _agree(self, data: dict[str, Any], **_: object) -> None:
        """Refuse two different locations."""
        given = {data[name] for name in ("path", "path_to_overwrite") if data.get(name) is not None}
        if len(given) > 1:
            message = "path and path_to_overwrite differ; send one of them"
            raise ValidationError({"path": [message], "path_to_overwrite": [message]})

    @post_load
    def _command(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Join both names of the location; remember whether nothing but a test was asked for."""
        path, test = data.get("path"), data.get("test_connection")
        return {
            "location": data.get("path_to_overwrite") if path is None else path,
            "priority": data.get("priority"),
            "test_connection": True if test is None else test,
            "only_test": test is True and path is None and data.get("path_to_overwrite") is None,
        }


class Started(Success):
    """The run that was queued, or null when only the source was looked at."""

    import_id = our_id("id of the definition")
    run_id = our_id("id of the run", allow_none=True)
