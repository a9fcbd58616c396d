"""Integrations as asked for and as answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from definitions.file_paths import fixed_folder_problem
from definitions.schema.fields import DocumentSchema, Flag, StrictSchema, Text, Whole
from definitions.schema.integration import SSH_PORT, IntegrationSchema, host_problem
from definitions.schema.rules import between, checked_by, length, or_default
from definitions.troubles import Trouble
from importmgr.api.fields import QueryWhole
from importmgr.services.integrations import IntegrationView, StorageReport

ID = "5f3c1a2b4d5e6f708192a3b4"
FINGERPRINT = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
MAX_LIMIT = 50
DEFAULT_LIMIT = 10
FAR = 1_000_000_000
_MAX_WORD = 1_000
SFTP: dict[str, Any] = {
    "name": "CRM server",
    "kind": "sftp",
    "settings": {
        "host": "files.example.test",
        "username": "importer",
        "password": "correct horse battery staple",
        "host_key": FINGERPRINT,
    },
}
LOCAL: dict[str, Any] = {
    "name": "Drop folder",
    "kind": "local",
    "settings": {"folder": "/srv/imports"},
}
ITEM: dict[str, Any] = {"integration_id": ID, "integration": LOCAL}
REPORT: dict[str, Any] = {
    "ok": True,
    "trouble": None,
    "error": None,
    "connect_ms": 152.4,
    "list_ms": 31.0,
    "files": 12,
    "clock_skew": -0.2,
    "write_ms": 12.5,
}


class NativePage(DocumentSchema):
    """Which part of a list."""

    limit = QueryWhole(1, MAX_LIMIT, DEFAULT_LIMIT, "how many at most")
    offset = QueryWhole(0, FAR, 0, "how many to leave out at the beginning")


class IntegrationItem(DocumentSchema):
    """An integration and its id; secrets are sealed."""

    integration_id = fields.String(required=True, metadata={"example": ID})
    integration = fields.Nested(IntegrationSchema, required=True)


class IntegrationList(DocumentSchema):
    """A page of integrations in the order of their creation."""

    integrations = fields.List(fields.Nested(IntegrationItem), required=True)
    total = fields.Integer(required=True, metadata={"description": "all of the project"})
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)


class IntegrationCreated(DocumentSchema):
    """The id of a new integration."""

    integration_id = fields.String(required=True, metadata={"example": ID})


class NativeDone(DocumentSchema):
    """Nothing but the good news."""

    success = fields.Boolean(required=True, metadata={"enum": [True]})


class StorageQuestion(StrictSchema):
    """What a test looks at beyond connecting and listing."""

    write = Flag(
        **or_default(default=False),
        metadata={"description": "Whether a file can be written, renamed and deleted there."},
    )
    path = Text(
        **or_default(default=""),
        validate=[*length(0, _MAX_WORD), checked_by(fixed_folder_problem)],
        metadata={
            "description": "With `write`: the folder below that of the integration where it is "
            "tried, which must be there.",
            "example": "done",
        },
    )

    @validates_schema
    def _check_needed(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse a folder that nothing is written to."""
        if data.get("path") and not data.get("write"):
            raise ValidationError({"path": ["is heeded with write only; send write: true as well"]})


class StorageTest(DocumentSchema):
    """What a test found."""

    ok = fields.Boolean(required=True)
    trouble = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*Trouble, None], "description": "at which step it fails"},
    )
    error = fields.String(
        required=True, allow_none=True, metadata={"description": "what is wrong, for a person"}
    )
    connect_ms = fields.Float(
        required=True, allow_none=True, metadata={"description": "to connect and log in"}
    )
    list_ms = fields.Float(
        required=True, allow_none=True, metadata={"description": "to list the folder"}
    )
    files = fields.Integer(
        required=True, allow_none=True, metadata={"description": "in the folder, up to 1,000"}
    )
    clock_skew = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "seconds that its clock is ahead of ours; null: it tells none"},
    )
    write_ms = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "to write, rename and delete a file; null: not done"},
    )


class HostKeyQuestion(DocumentSchema):
    """Whose host key is wanted."""

    host = Text(
        required=True,
        validate=[*length(1, _MAX_WORD), checked_by(host_problem)],
        metadata={"example": "files.example.test"},
    )
    port = Whole(**or_default(default=SSH_PORT), validate=between(1, 65_535))


class HostKey(DocumentSchema):
    """The fingerprint of a host key."""

    host_key = Text(required=True, validate=length(1, _MAX_WORD), metadata={"example": FINGERPRINT})


def render_item(view: IntegrationView) -> dict[str, Any]:
    """Return an integration with its id."""
    return {"integration_id": view.id, "integration": view.document}


def render_report(report: StorageReport) -> dict[str, Any]:
    """Return what a test found."""
    return {
        "ok": report.trouble is None,
        "trouble": report.trouble,
        "error": report.error,
        "connect_ms": report.connect_ms,
        "list_ms": report.list_ms,
        "files": report.files,
        "clock_skew": report.clock_skew,
        "write_ms": report.write_ms,
    }
