"""How problems are answered: always, as JSON, in the shape of the dialect that was spoken to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, jsonify, request

from importmgr.api.dialect import Dialect, dialect_of
from importmgr.api.errors import INTERNAL, Problem, problem_of
from importmgr.log import get_logger

log = get_logger(__name__)


def answer_problems(app: Flask, dialects: Iterable[Dialect]) -> None:
    """Answer every exception; what was not raised on purpose is logged, never shown."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        problem = problem_of(error)
        if problem is INTERNAL:
            log.error("request failed", path=request.path, exc_info=error)
        response = jsonify(_body(problem, dialects))
        response.status_code = problem.status
        response.headers.update(problem.headers)
        return response


def answer_options(app: Flask) -> None:
    """Answer OPTIONS with the methods of the address, as JSON like everything else."""

    @app.before_request
    def answer() -> Response | None:
        if request.method != "OPTIONS" or request.routing_exception is not None:
            return None
        methods = app.make_default_options_response().allow
        response = jsonify({"success": True})
        response.allow.update(methods)
        return response


def _body(problem: Problem, dialects: Iterable[Dialect]) -> dict[str, Any]:
    """Render in the dialect of the address; neutrally where nobody speaks one."""
    dialect = dialect_of(request.path, dialects)
    return dialect.render(problem) if dialect else {"error": problem.text, "code": problem.code}
