"""The HTTP server: waitress, set for many idle clients and answers in JSON only."""

# tested by: tests/integration/test_http_server.py
from __future__ import annotations

import json
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from definitions.errors import SettingsError
from importmgr.settings import Settings

MOST_CONNECTIONS = 1000
IDLE_SECONDS = 60  # after which a connection without a request is closed


class JsonErrorTask(ErrorTask):  # type: ignore[misc] # waitress has no types
    """Answers what waitress itself refuses, in the shape of every other error."""

    def execute(self) -> None:
        """Write the error."""
        error = self.request.error
        text = f"the request cannot be understood: {error.reason.lower()}"
        body = json.dumps({"success": False, "error": text, "errors": {}}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """A connection whose own errors are JSON."""

    error_task_class = JsonErrorTask


def listen(app: Flask, settings: Settings) -> Any:  # noqa: ANN401 - waitress has no types
    """Open the port, on every address that the host name stands for.

    Raise `SettingsError` when that cannot be done.
    """
    sockets: dict[int, object] = {}
    setting, port = settings.listen_port
    try:
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=port,
            threads=settings.http_threads,
            ident="importmgr",
            max_request_body_size=_largest_body(settings),
            connection_limit=MOST_CONNECTIONS,
            asyncore_use_poll=True,  # descriptors may be above 1023
            channel_timeout=IDLE_SECONDS,
        )
    except OSError as exc:
        msg = f"cannot listen on {settings.host}:{port}: {exc.strerror}; set {setting}"
        raise SettingsError(msg) from exc
    except ValueError as exc:  # how waitress says that a name has no address
        msg = f"cannot listen on {settings.host!r}: it has no address; set IMPORTMGR_HOST"
        raise SettingsError(msg) from exc
    for listener in sockets.values():
        if isinstance(listener, BaseWSGIServer):
            listener.channel_class = Channel
    return server


def _largest_body(settings: Settings) -> int:
    """Return what no body may exceed; the application has its own limits and answers first."""
    return 2 * max(settings.max_body_bytes, settings.kept_rejects_bytes)


def address_of(host: str, server: Any) -> str:  # noqa: ANN401 - waitress has no types
    """Return where the server accepts requests."""
    listens = getattr(server, "effective_listen", None)  # of a name with several addresses
    port = listens[0][1] if listens else server.effective_port
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
