"""What every request gets, whoever answers it: an id, a log line, figures, safe headers."""

from __future__ import annotations

import re
from datetime import timedelta

import structlog
from flask import Flask, Response, g, request

from importmgr.log import get_logger
from importmgr.services import Services

log = get_logger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
}


def observe(app: Flask, services: Services) -> None:
    """Note the beginning and the end of every request, the failed ones too."""

    @app.before_request
    def begin() -> None:
        g.began = services.clock.monotonic()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else services.identity.hex24()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = g.request_id
        _record(response, services, services.clock.monotonic() - g.began)
        return response

    @app.teardown_request
    def forget(_: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")


def _record(response: Response, services: Services, seconds: float) -> None:
    """Count the request and write its line; the query may hold anything, so it is left out."""
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    services.metrics.request_answered(
        method, route, response.status_code, timedelta(seconds=seconds)
    )
    log.info(
        "request",
        method=method,
        path=request.path,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
