"""The audit log as asked for and as answered."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.audit import AuditAction
from definitions.schema.fields import DocumentSchema, Text
from definitions.schema.rules import length
from importmgr.api.dialects.native.schemas import ID, NativePage
from importmgr.api.fields import QueryInstant
from importmgr.store.audit import AuditEntry
from importmgr.telling.registry import channels

EXAMPLE: dict[str, Any] = {
    "at": 1767225600.5,
    "actor": ID,
    "action": AuditAction.IMPORT_DEACTIVATED.value,
    "object": "66f0c1d2e3a4b5c6d7e8f901",
    "before": {"active": True},
    "after": {"active": False},
    "request_id": "0f3c1a2b4d5e6f708192a3b4",
}
ACTIONS = [*map(str, AuditAction), *(one for kind in channels() for one in kind.actions())]
_MAX_WORD = 200


def _word(text: str, example: str, data_key: str | None = None) -> Text:
    """Return a field of the query that must be equal."""
    return Text(
        load_default=None,
        data_key=data_key,
        validate=length(1, _MAX_WORD),
        metadata={"description": text, "example": example},
    )


class AuditQuery(NativePage):
    """Which changes, and which part of their list."""

    actor = _word("only what this key changed (its id), or `cli:` and a user's name", ID)
    action = _word("only changes of this kind", AuditAction.RUN_STARTED.value)
    what = _word("only changes of the thing with this id", ID, data_key="object")
    since = QueryInstant("only what was changed then or later")
    until = QueryInstant("only what was changed before")


class AuditItem(DocumentSchema):
    """One change."""

    at = fields.Float(required=True, metadata={"description": "when, in epoch seconds"})
    actor = fields.String(
        required=True,
        metadata={"description": "id of the key, `cli:` and a user's name, or `service`"},
    )
    action = fields.String(
        required=True,
        metadata={"description": "what was done", "examples": ACTIONS},
    )
    object = fields.String(
        required=True,
        metadata={"description": "id of what was changed; empty where it is about a person"},
    )
    before = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        required=True,
        metadata={"description": "what it was, as far as it is worth telling; never a secret"},
    )
    after = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        required=True,
        metadata={"description": "what it became; never a secret"},
    )
    request_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the `X-Request-Id` of the answer; null: not over HTTP"},
    )


class AuditList(DocumentSchema):
    """A page of changes, the newest first."""

    audit = fields.List(fields.Nested(AuditItem), required=True)
    total = fields.Integer(required=True, metadata={"description": "all that match"})
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)


def render_entry(entry: AuditEntry) -> dict[str, Any]:
    """Return a change as the answer names its parts."""
    return {
        "at": entry.at.timestamp(),
        "actor": entry.actor,
        "action": entry.action,
        "object": entry.what,
        "before": dict(entry.before),
        "after": dict(entry.after),
        "request_id": entry.request_id,
    }
