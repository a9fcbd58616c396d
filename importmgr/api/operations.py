"""What whoever runs the service asks it: is it alive, is it ready, what has it done."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, jsonify

from importmgr.metrics import CONTENT_TYPE
from importmgr.services import Services


def operate(app: Flask, services: Services) -> None:
    """Serve `/healthz`, `/readyz` and `/metrics`, without credentials and without secrets."""

    @app.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    def ready() -> Response:
        is_ready, checks = services.health.ready()
        response = jsonify({"status": "ready" if is_ready else "not ready", "checks": checks})
        if not is_ready:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(services.metrics.render(), content_type=CONTENT_TYPE)
