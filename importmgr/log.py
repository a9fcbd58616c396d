"""Logs: one event per line, as text or JSON, with secrets masked."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, TextIO, cast

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import Processor

HIDDEN = "***"
SECRET_NAMES = frozenset(
    {
        "api_key",
        "authorization",
        "cookie",
        "database_url",
        "master_key",
        "password",
        "pepper",
        "proxy_authorization",
        "secret",
        "secret_hash",
        "set_cookie",
        "socks_proxy",
    }
)
_LOGIN_IN_URL = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")
_SECRET_OF_KEY = re.compile(r"\bimk_[\w-]{8,}")
# From which level on these libraries are heard. APScheduler warns at every interval of a job that
# is late; what is late says so itself, once.
_CHATTY = MappingProxyType(
    {"alembic": logging.WARNING, "apscheduler": logging.ERROR, "waitress": logging.WARNING}
)


def get_logger(name: str) -> BoundLogger:
    """Return the logger of a module; events are dropped or shown as `set_up` says."""
    wrapped = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
        context_class=dict,
    )
    return cast("BoundLogger", wrapped)


def about(**ids: object) -> AbstractContextManager[None]:
    """Let every line of this thread carry these ids, for a while; a thread copies its context."""
    return structlog.contextvars.bound_contextvars(**ids)


def set_up(level: str, form: str, stream: TextIO) -> None:
    """Write events from `level` on to `stream`, one per line, `form` being text or json.

    Calling it again replaces what was set before.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
            processors=_finish(form),
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name, least in _CHATTY.items():
        logging.getLogger(name).setLevel(least)


def _finish(form: str) -> list[Processor]:
    """Return the steps from an event to its line."""
    render = structlog.processors.JSONRenderer(default=str) if form == "json" else as_text
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        ProcessorFormatter.remove_processors_meta,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
        render,
    ]


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Mask every value that is a secret by its name or by its look, however deep it lies."""
    return {name: _masked(name, value) for name, value in event.items()}


def as_text(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return the event as `time level event name=value …` in one line."""
    head = [str(event.pop("timestamp", "-")), str(event.pop("level", "-")).ljust(7)]
    message = _one_line(str(event.pop("event", "")))
    rest = [f"{name}={_quoted(value)}" for name, value in sorted(event.items())]
    return " ".join([*head, message, *rest])


def _masked(name: str, value: object) -> object:
    if name.lower().replace("-", "_") in SECRET_NAMES:
        return HIDDEN
    if isinstance(value, str):
        return _SECRET_OF_KEY.sub(HIDDEN, _LOGIN_IN_URL.sub(rf"\1:{HIDDEN}@", value))
    if isinstance(value, Mapping):
        return {str(key): _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", inner) for inner in value]
    return value


def _quoted(value: object) -> str:
    """Return a value that is one word, or stands in quotes."""
    text = _one_line(str(value))
    plain = text and not any(character in text for character in ' "=')
    return text if plain else '"' + text.replace('"', r"\"") + '"'


def _one_line(text: str) -> str:
    """Return the text without anything that could begin a new line or steer a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
