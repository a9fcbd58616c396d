"""How often a project may call: budgets that several doors share, exact across processes.

A request is counted after authentication and authorisation, on the project of its key. If the
database cannot count, the request fails with 503: the same database would have to answer it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g
from flask_limiter import Limiter, RequestLimit

from definitions.errors import StoreBusyError
from importmgr.api.blueprint import Door
from importmgr.services import Services
from importmgr.store.window_storage import WindowStorage


def limit(app: Flask, doors: Mapping[str, Door], services: Services) -> None:
    """Let every door with a budget spend from it; do nothing when limits are switched off."""
    if not services.settings.rate_limits:
        return
    limiter = Limiter(
        _project,
        app=app,
        strategy="moving-window",
        storage_uri=f"{WindowStorage.STORAGE_SCHEME[0]}://",
        storage_options={"window": services.window},  # type: ignore[dict-item] # passed through
    )
    amount = f"{services.settings.management_requests_per_minute} per minute"
    for endpoint, door in doors.items():
        if door.budget:
            view: Callable[..., Any] = app.view_functions[endpoint]
            app.view_functions[endpoint] = limiter.shared_limit(amount, scope=door.budget)(view)

    @app.after_request
    def show(response: Response) -> Response:
        if limiter.current_limit:
            with suppress(StoreBusyError):  # the figures are a courtesy; the answer stands
                _show(response, limiter.current_limit, services.clock.now().timestamp())
        return response


def _project() -> str:
    """Return whose budget the request spends."""
    return str(g.principal.project.id)


def _show(response: Response, spent: RequestLimit, now: float) -> None:
    """Tell the budget, what is left of it, and when it is whole again."""
    response.headers["X-RateLimit-Limit"] = str(spent.limit.amount)
    response.headers["X-RateLimit-Remaining"] = str(spent.remaining)
    response.headers["X-RateLimit-Reset"] = str(spent.reset_at)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(max(1, math.ceil(spent.reset_at - now)))
