"""Doors: routes that say who may open them, read with a schema, and document themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn, TypeAlias, TypeVar

import flask_smorest
import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser

from definitions.errors import InvalidError
from importmgr.api.body import JsonObject, read_object, read_optional_object

View = TypeVar("View", bound=Callable[..., Any])
Answer: TypeAlias = Mapping[str, Any]

MANAGEMENT = "management"  # the budget that list, read and delete share
OBJECT = "json"
OPTIONAL_OBJECT = "optional_json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Which permission opens a route (None: any key of the project), and which budget it spends."""

    permission: str | None
    budget: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Docs:
    """How a dialect documents what its doors share.

    `problems` describes each status that is not 200, as OpenAPI has it; `names` tells what stands
    in the variable parts of a path.
    """

    dialect: str
    problems: Mapping[int, Mapping[str, Any]]
    names: Mapping[str, str]

    def name(self, status: int) -> str:
        """Return the name of the component that documents the status."""
        return f"{self.dialect.capitalize()}{status}"


class BodyParser(FlaskParser):
    """Reads bodies whatever their Content-Type says; reports every wrong field at once."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {OPTIONAL_OBJECT: None}
    __location_map__ = FlaskParser.__location_map__ | {OPTIONAL_OBJECT: "load_optional_object"}

    def load_json(self, req: Request, *_: object) -> JsonObject:
        """Return the body, which must be a JSON object."""
        return read_object(req)

    def load_optional_object(self, req: Request, *_: object) -> JsonObject:
        """Return the body, which must be a JSON object if there is one."""
        return read_optional_object(req)

    def handle_error(self, error: ma.ValidationError, *_: object, **__: object) -> NoReturn:
        """Name every wrong field by its dotted path."""
        by_location: Messages = error.messages
        raise InvalidError(
            {
                path: texts
                for inner in by_location.values()
                for path, texts in flatten(inner).items()
            }
        ) from None


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # the library has no types
    """A group of doors of one dialect."""

    ARGUMENTS_PARSER = BodyParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: Mapping[str, str] = {
        OBJECT: "application/json",
        OPTIONAL_OBJECT: "application/json",
    }

    def __init__(self, name: str, description: str, docs: Docs) -> None:
        """Begin with no doors; `docs` documents what they share."""
        super().__init__(name, __name__, description=description)
        self.doors: dict[str, Door] = {}
        self.calls: list[str] = []
        self.readers: list[type[ma.Schema]] = []
        self.docs = docs

    def door(
        self, call: str, permission: str | None, *, budget: str | None = None
    ) -> Callable[[View], View]:
        """Let the function answer `call` ("GET /path") for keys with the permission."""
        method, rule = call.split(" ")

        def decorator(view: View) -> View:
            endpoint = _endpoint(view.__name__, self.doors)
            self.doors[endpoint] = Door(permission=permission, budget=budget)
            self.calls.append(call)
            documented = self._documented(view, f"{self.name}.{endpoint}", permission)
            names = self._names(rule)
            self.add_url_rule(rule, endpoint, documented, methods=[method], parameters=names)
            return view

        return decorator

    def reads(
        self, schema: type[ma.Schema], *, location: str = OBJECT, example: object = None
    ) -> Callable[[View], View]:
        """Hand what the schema makes of the query or the body to the function, first of all."""
        self.readers.append(schema)
        reader: Callable[[View], View] = self.arguments(
            schema, location=location, required=location == OBJECT, example=example
        )
        return reader

    def answers(
        self,
        schema: type[ma.Schema] | ma.Schema,
        *,
        example: object,
        headers: Mapping[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Dump what the function returns with the schema; every success is 200."""
        writer: Callable[[View], View] = self.response(
            HTTPStatus.OK, schema, example=example, headers=headers
        )
        return writer

    def sends(self, content_type: str, *, example: str) -> Callable[[View], View]:
        """Document that the function answers with a file, which it makes itself."""
        sender: Callable[[View], View] = self.response(
            HTTPStatus.OK,
            {"type": "string"},
            content_type=content_type,
            example=example,
        )
        return sender

    def documents(self, **operation: Any) -> Callable[[View], View]:  # noqa: ANN401 - OpenAPI's own
        """Add to the documentation what no schema tells."""
        writer: Callable[[View], View] = self.doc(**operation)
        return writer

    def _names(self, rule: str) -> list[dict[str, Any]]:
        """Document the variable parts of a path."""
        return [
            {"in": "path", "name": name, "required": True, "description": self.docs.names[name]}
            for name in re.findall(r"<(\w+)>", rule)
        ]

    def _documented(self, view: View, operation: str, permission: str | None) -> View:
        """Add what holds for every door to the documentation of this one."""
        for status in self.docs.problems:
            view = self.alt_response(status, self.docs.name(status))(view)
        needs = f"Needs the permission `{permission}`." if permission else "Any key will do."
        documented: View = self.doc(
            operationId=operation, security=[{"key": []}], **{"x-permission": needs}
        )(view)
        return documented


Messages: TypeAlias = Any  # nested lists and mappings, as the library has it


def flatten(messages: Messages, path: str = "") -> dict[str, list[str]]:
    """Return marshmallow's nested messages by dotted path, in the style of our own."""
    if isinstance(messages, list):
        return {path or "body": [_styled(text) for text in messages]}
    flat: dict[str, list[str]] = {}
    for step, inner in messages.items():
        for at, texts in flatten(inner, _path(path, step)).items():
            flat.setdefault(at, []).extend(texts)
    return flat


def _path(path: str, step: str | int) -> str:
    """Join a path and a step; what is about the whole stays at the path."""
    if step in {"_schema", "value", "key"}:
        return path
    return f"{path}.{step}" if path else str(step)


def _styled(text: str) -> str:
    """Begin in lower case and end without a full stop."""
    return text[:1].lower() + text[1:].rstrip(".")


def _endpoint(name: str, taken: Mapping[str, object]) -> str:
    """Return a name for one more address of the same function."""
    same = sum(bool(re.fullmatch(rf"{name}(_\d+)?", other)) for other in taken)
    return f"{name}_{same + 1}" if same else name
