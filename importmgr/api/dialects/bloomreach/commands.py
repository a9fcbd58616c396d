"""The commands of a batch, each checked and done by itself."""

# tested by: tests/acceptance/test_br_supporting.py

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import g
from marshmallow import Schema, ValidationError

from definitions.errors import InvalidError, RequestError
from importmgr.api.blueprint import flatten
from importmgr.api.context import services
from importmgr.api.dialects.bloomreach.schemas.tracking import (
    Command,
    CustomerBody,
    EventBody,
)
from importmgr.store.projects import Project

TIME = "system/time"
COMMAND = Command()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a command needs, takes and does."""

    permission: str
    schema: Schema
    do: Callable[[Project, dict[str, Any]], None]


def upsert(project: Project, body: Mapping[str, Any]) -> None:
    """Find or make a customer and set properties."""
    services().customers.upsert(
        project, body["customer_ids"], body["properties"], body["update_timestamp"]
    )


def add_event(project: Project, body: Mapping[str, Any]) -> None:
    """Add an event to a customer."""
    services().customers.add_event(
        project, body["customer_ids"], body["event_type"], body["timestamp"], body["properties"]
    )


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "customers": Kind(permission="customers.write", schema=CustomerBody(), do=upsert),
        "customers/events": Kind(permission="events.write", schema=EventBody(), do=add_event),
    }
)


def do(project: Project, draft: object) -> dict[str, Any]:
    """Return what became of one command; only a failure of the service itself is raised."""
    result = _named(draft)
    try:
        command = _checked(COMMAND, draft)
        if command["name"] == TIME:
            return {**result, "success": True, "time": services().clock.now().timestamp()}
        _run(project, command)
    except RequestError as exc:
        return {**result, "success": False, "errors": [str(exc)]}
    return {**result, "success": True}


def _named(draft: object) -> dict[str, str]:
    """Return the id by which the caller knows the command, if there is one."""
    given = draft.get("command_id") if isinstance(draft, Mapping) else None
    is_id = isinstance(given, str | int) and not isinstance(given, bool)
    return {"command_id": str(given)} if is_id else {}


def _run(project: Project, command: Mapping[str, Any]) -> None:
    """Check the permission and the body, then do it."""
    kind = KINDS.get(command["name"])
    if kind is None:
        known = ", ".join(sorted((*KINDS, TIME)))
        raise InvalidError({"name": [f"must be one of {known}, not {command['name']!r}"]})
    services().access.authorize(g.principal, project.token, kind.permission)
    kind.do(project, _checked(kind.schema, command["data"]))


def _checked(schema: Schema, data: object) -> dict[str, Any]:
    """Return the body of a command, or raise `InvalidError` with all that is wrong."""
    try:
        loaded: dict[str, Any] = schema.load(data)  # type: ignore[arg-type] # checked by the schema
    except ValidationError as exc:
        raise InvalidError(flatten(exc.messages)) from None
    return loaded
