"""The description of the API as one page to read: no scripts, nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template

from importmgr.api.blueprint import Blueprint
from importmgr.api.openapi import describe

Schema = Mapping[str, Any]

STYLE = Path(__file__).parent / "static" / "reference.css"
METHODS = ("get", "post", "put", "delete")


def show_reference(app: Flask, blueprints: tuple[Blueprint, ...]) -> None:
    """Serve `/docs`, made from the same document as `/openapi.json`."""
    app.jinja_env.filters["as_json"] = _as_json
    app.jinja_env.filters["kind"] = kind
    app.jinja_env.filters["anchor"] = anchor

    @cache
    def page() -> str:
        complete = describe(blueprints)
        components = complete["components"]
        problems = {name: {**one, **_content(one)} for name, one in components["responses"].items()}
        return render_template(
            "reference.html",
            api=complete,
            groups=groups(complete),
            problems=problems,
            schemas=components["schemas"],
        )

    @app.get("/docs")
    def reference() -> Response:
        return Response(page(), content_type="text/html; charset=utf-8")

    @app.get("/docs/style.css")
    def style() -> Response:
        return Response(STYLE.read_text(encoding="utf-8"), content_type="text/css; charset=utf-8")


def groups(complete: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tags in their order, each with its operations."""
    found = list(_operations(complete))
    return [
        {**tag, "operations": [one for one in found if tag["name"] in one["tags"]]}
        for tag in complete["tags"]
    ]


def _operations(complete: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every operation with its method, path and all its parameters."""
    for path, item in complete["paths"].items():
        for method in METHODS:
            if method in item:
                yield {**_operation(item, method), "path": path}


def _operation(item: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Return one operation as the page shows it."""
    operation = item[method]
    return {
        **operation,
        "method": method.upper(),
        "parameters": [*item.get("parameters", []), *operation.get("parameters", [])],
        "body": _content(operation.get("requestBody", {})),
        "answers": _answers(operation),
        "problems": _problems(operation),
    }


def _answers(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what only this operation answers, by status."""
    found = sorted(operation["responses"].items())
    return {status: {**one, **_content(one)} for status, one in found if "$ref" not in one}


def _problems(operation: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the answers that many operations share, by status."""
    found = sorted(operation["responses"].items())
    return {status: _last(one["$ref"]) for status, one in found if "$ref" in one}


def _content(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Return schema and examples of a body."""
    media = holder.get("content", {}).get("application/json", {})
    examples = [
        (one.get("summary", name), one["value"]) for name, one in media.get("examples", {}).items()
    ]
    if "example" in media:
        examples.append(("", media["example"]))
    return {"schema": media.get("schema", {}), "examples": examples}


def kind(schema: Schema) -> str:
    """Return in words what a schema wants; parts of their own are named."""
    if "$ref" in schema:
        return _last(schema["$ref"])
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return " or ".join(kind(one) for one in schema[several])
    if "enum" in schema:
        return " or ".join(_as_json(value) for value in schema["enum"])
    if "type" not in schema:
        return "any JSON value"
    return _typed(schema)


def _typed(schema: Schema) -> str:
    """Return the words for a schema that names its types."""
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    inner = f" of {kind(schema['items'])}" if schema.get("items") else ""
    return " or ".join(f"{name}{inner}" if name == "array" else name for name in types)


def _last(reference: str) -> str:
    """Return the name at the end of a reference."""
    return reference.rpartition("/")[2]


def anchor(text: str) -> str:
    """Return a name for a place in the page."""
    return "".join(c if c.isalnum() else "-" for c in text).strip("-").lower()


def _as_json(value: object) -> str:
    """Return a value as people read JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)
