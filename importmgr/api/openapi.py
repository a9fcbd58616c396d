"""The description of every door as OpenAPI 3.1, made from the doors themselves."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import flask_smorest
from flask import Flask, Response

from definitions.schema import VARIANTS, openapi_schemas
from importmgr.api.blueprint import Blueprint

TITLE = "importmgr"
VERSION = "v1"
ABOUT = (
    "Imports of customers, events and catalogs: defined once, run by a schedule, by a new file or "
    "by a call. Every answer is a JSON object, except the list of definitions, which is an array. "
    "Every success is 200."
)
KEY = {
    "type": "http",
    "scheme": "basic",
    "description": "The id of a private key as the user name, its secret as the password.",
}


class Description(flask_smorest.Api):  # type: ignore[misc] # the library has no types
    """Collects the documentation of blueprints."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # every status is documented by name

    def _register_error_handlers(self) -> None:
        """Leave problems to our own handler."""

    def _register_responses(self) -> None:
        """Leave answers to the dialects, which document their own."""

    def _register_etag_headers(self) -> None:
        """Have none."""

    def _register_pagination_header(self) -> None:
        """Have none."""


def serve_description(app: Flask, blueprints: tuple[Blueprint, ...]) -> None:
    """Serve `/openapi.json`."""

    @app.get("/openapi.json")
    def openapi() -> Response:
        text = json.dumps(describe(blueprints), indent=2)
        return Response(text, content_type="application/json")


@cache
def describe(blueprints: tuple[Blueprint, ...]) -> dict[str, Any]:
    """Return the description as one document, made once per process when it is first asked for.

    Most processes are never asked, and making it takes longer than the rest of the application. It
    is made with an application of its own, which serves nothing.
    """
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "API_TITLE": TITLE,
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {"info": {"description": ABOUT}},
    }
    description = Description(app)
    components = description.spec.components
    components.security_scheme("key", KEY)
    for name, schema in VARIANTS.items():
        components.schema(name, schema=schema)
    for name, component in openapi_schemas().items():
        components.schema(name, component)
    for docs in {blueprint.docs.dialect: blueprint.docs for blueprint in blueprints}.values():
        for status, documented in docs.problems.items():
            components.response(docs.name(status), {**documented})
    for blueprint in blueprints:
        description.register_blueprint(blueprint)
    complete: dict[str, Any] = description.spec.to_dict()
    return complete
