"""The HTTP application: every dialect, its documentation, and what operators ask."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from definitions.errors import DefectError
from importmgr.api.answers import answer_options, answer_problems
from importmgr.api.auth import guard
from importmgr.api.context import carry
from importmgr.api.dialects.registry import DIALECTS
from importmgr.api.limits import limit
from importmgr.api.openapi import serve_description
from importmgr.api.operations import operate
from importmgr.api.reference_page import show_reference
from importmgr.api.traffic import observe
from importmgr.services import Services


class App(Flask):
    """Flask, which lets nothing but the end of the process pass unanswered."""

    def full_dispatch_request(self) -> Response:
        """Answer a panic of a library written in Rust, which is no `Exception`, like any defect.

        It would end the thread of the server that has to answer the request.
        """
        try:
            return super().full_dispatch_request()
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as exc:
            raise DefectError.of(exc) from exc


def create_app(services: Services) -> Flask:
    """Return the application that serves `services`, ready for a WSGI server."""
    app = App(__name__, static_folder=None, template_folder="api/templates")
    _configure(app, services)
    carry(app, services)
    blueprints = tuple(blueprint for dialect in DIALECTS for blueprint in dialect.blueprints)
    doors = {
        f"{blueprint.name}.{endpoint}": door
        for blueprint in blueprints
        for endpoint, door in blueprint.doors.items()
    }
    observe(app, services)
    guard(app, DIALECTS, doors, services.access)
    answer_options(app)
    answer_problems(app, DIALECTS)
    operate(app, services)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    serve_description(app, blueprints)
    show_reference(app, blueprints)
    limit(app, doors, services)
    return app


def create_status_app(services: Services) -> Flask:
    """Return the application of a process that answers operators only."""
    app = App(__name__, static_folder=None)
    _configure(app, services)
    answer_options(app)
    answer_problems(app, ())
    operate(app, services)
    return app


def _configure(app: Flask, services: Services) -> None:
    """Set the limits and manners of the application."""
    settings = services.settings
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined] # Flask's own provider has it
    app.url_map.strict_slashes = False  # a slash at the end is tolerated
    app.url_map.merge_slashes = False  # no redirects: clients do not repeat a POST
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask's documentation has it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
