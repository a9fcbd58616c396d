"""The shape of a problem: its text, its code, and what is wrong by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from definitions.schema.fields import DocumentSchema
from importmgr.api.blueprint import Docs
from importmgr.api.errors import Problem


class NativeProblem(DocumentSchema):
    """What every answer but 200 holds."""

    error = fields.String(
        required=True, metadata={"description": "What is wrong, in one text that stands alone."}
    )
    code = fields.String(required=True, metadata={"description": "Stable name of the problem."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "Messages by field path; empty when it is not about fields."},
    )


def render(problem: Problem) -> dict[str, Any]:
    """Return the body that tells a problem."""
    return {
        "error": problem.text,
        "code": problem.code,
        "errors": {path: list(texts) for path, texts in problem.fields.items()},
    }


def _document(
    text: str, error: str, code: str, errors: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return how one status is documented."""
    example = {"error": error, "code": code, "errors": dict(errors or {})}
    media = {"schema": NativeProblem, "example": example}
    return {"description": text, "content": {"application/json": media}}


DOCS = Docs(
    dialect="native",
    problems={
        400: _document(
            "The body or the query is wrong; every problem is told at once.",
            "settings.host: is required",
            "invalid",
            {"settings.host": ["is required"]},
        ),
        401: _document(
            "No key, a wrong one, or a public one.",
            "send the key id and the secret of a private key with HTTP Basic",
            "unauthenticated",
        ),
        403: _document(
            "The key lacks the permission, or belongs to another project.",
            "key '66f0c1d2e3a4b5c6d7e8f901' lacks the permission 'integrations.write'",
            "forbidden",
        ),
        404: _document(
            "There is no such thing, or it is not visible here.",
            "there is no integration '5f3c1a2b4d5e6f708192a3b4' in this project",
            "not_found",
        ),
        409: _document(
            "The thing is in use, or not fit for it now.",
            "integration '5f3c1a2b4d5e6f708192a3b4' is used by definitions: delete "
            "66f0c1d2e3a4b5c6d7e8f901 first",
            "conflict",
        ),
        413: _document(
            "The body is over the limit.", "the body is larger than 1048576 bytes", "too_large"
        ),
        429: _document("Too many; wait as long as `Retry-After` says.", "too many", "limit"),
        500: _document("Something unexpected; the log tells more.", "internal error", "internal"),
        503: _document(
            "The database is away; try again after `Retry-After`.",
            "the database is busy; try again",
            "store_busy",
        ),
    },
    names={
        "project_token": "token of the project that the key belongs to",
        "integration_id": "id of the integration",
        "notice_id": "id of the notice, as in the header `webhook-id`",
    },
)
