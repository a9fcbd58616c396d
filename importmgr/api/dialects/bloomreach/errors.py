"""The shape of a problem that the official connectors read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import fields

from definitions.schema.fields import DocumentSchema
from importmgr.api.blueprint import Docs
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.errors import Problem

UPDATES = frozenset({"PUT", "PATCH"})
DEFINITIONS = "/imports/v1/"


class ErrorAnswer(DocumentSchema):
    """What every answer but 200 holds."""

    success = fields.Boolean(required=True, metadata={"enum": [False]})
    error = fields.String(
        required=True, metadata={"description": "What is wrong, in one text that stands alone."}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "Messages by field path; empty when it is not about fields."},
    )


def render(problem: Problem) -> dict[str, Any]:
    """Return the body that tells a problem."""
    text = problem.text
    if problem.code == "method_not_allowed" and _is_update():
        text = f"update is not implemented: delete the import and create it again ({text})"
    return {
        "success": False,
        "error": text,
        "errors": {path: list(texts) for path, texts in problem.fields.items()},
    }


def _is_update() -> bool:
    """Tell whether the request wants to change a definition."""
    return request.method in UPDATES and request.path.startswith(DEFINITIONS)


def _document(
    text: str, error: str, errors: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return how one status is documented."""
    example = {"success": False, "error": error, "errors": dict(errors or {})}
    media = {"schema": ErrorAnswer, "example": example}
    return {"description": text, "content": {"application/json": media}}


DOCS = Docs(
    dialect=ORIGIN,
    problems={
        400: _document(
            "The body or the query is wrong; every problem is told at once.",
            "source.integration_id: must have at least 24 characters",
            {"source.integration_id": ["must have at least 24 characters"]},
        ),
        401: _document(
            "No key, a wrong one, or a public one.",
            "send the key id and the secret of a private key with HTTP Basic",
        ),
        403: _document(
            "The key lacks the permission, or belongs to another project.",
            "key '66f0c1d2e3a4b5c6d7e8f901' lacks the permission 'imports.create'; "
            "ask an administrator to grant it",
        ),
        404: _document(
            "There is no such thing, or it is not visible here.",
            "there is no import '66f0c1d2e3a4b5c6d7e8f901' in this project",
        ),
        409: _document(
            "The state of the thing does not allow it.",
            "run '66f0c1d2e3a4b5c6d7e8f902' is completed; only a queued, starting or running one "
            "can be paused",
        ),
        413: _document("The body is over the limit.", "the body is larger than 1048576 bytes"),
        429: _document(
            "Too many; wait as long as `Retry-After` says.",
            "more than 100 list, read and delete requests in one minute for this project; "
            "wait as long as Retry-After says",
        ),
        500: _document("Something unexpected; the log tells more.", "internal error"),
        503: _document(
            "The database is away; try again after `Retry-After`.",
            "the database is busy; try again",
        ),
    },
    names={
        "project_token": "token of the project that the key belongs to",
        "import_id": "id of the definition",
        "run_id": "id of the run",
        "catalog_id": "id of the catalog",
        "item_id": "id of the item, without a slash",
    },
)
