"""Reading the JSON body of a request, whatever was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import orjson
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from definitions.errors import InvalidError, RequestError, TooLargeError
from definitions.schema.rules import json_kind

JsonObject: TypeAlias = dict[str, Any]

MAX_DEPTH = 64
NUL = "\x00"


def read_object(request: Request) -> JsonObject:
    """Return the body as an object, whatever its Content-Type says.

    Raise `RequestError` unless it is one JSON object without NaN, lone surrogates or nesting below
    64 levels; `InvalidError` names every text that holds a NUL character, which no database of ours
    can store; `TooLargeError` when it is over the limit. Of two equal keys the last one counts.
    """
    data = read_bytes(request)
    if not data.strip():
        msg = "the body is empty; send a JSON object"
        raise RequestError(msg)
    return _object(data)


def read_optional_object(request: Request) -> JsonObject:
    """Return the body as an object like `read_object`, or an empty one if there is no body."""
    data = read_bytes(request)
    return _object(data) if data.strip() else {}


def read_bytes(request: Request) -> bytes:
    """Read the whole body, chunked or not, up to the limit.

    The library cuts a body of unknown length at the limit without a word, so it is given one byte
    more.
    """
    limit = request.max_content_length
    if limit is None:
        return request.get_data()
    request.max_content_length = limit + 1
    with suppress(RequestEntityTooLarge):
        data = request.get_data()
        if len(data) <= limit:
            return data
    msg = f"the body is larger than {limit} bytes"
    raise TooLargeError(msg)


def _object(data: bytes) -> JsonObject:
    """Parse and check."""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as exc:
        msg = f"the body is not JSON: {exc.msg} at line {exc.lineno} column {exc.colno}"
        raise RequestError(msg) from None  # the cause would hold the whole body
    if not isinstance(document, dict):
        msg = f"the body must be a JSON object, not {json_kind(document)}"
        raise RequestError(msg)
    _check_texts(document)
    return document


def _check_texts(document: JsonObject) -> None:
    """Refuse NUL characters, and nesting that later steps could not follow."""
    bad = {path or "body": text.index(NUL) for path, text in _texts(document) if NUL in text}
    if bad:
        text = "must not contain the character NUL, as its character {} is; remove it"
        raise InvalidError({path: [text.format(place + 1)] for path, place in sorted(bad.items())})


def _texts(document: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the path and text of every string; a key stands for its object. Never recurse."""
    todo: list[tuple[str, object, int]] = [("", document, 1)]
    while todo:
        path, value, depth = todo.pop()
        if depth > MAX_DEPTH:
            msg = f"the body is nested deeper than {MAX_DEPTH} levels"
            raise RequestError(msg)
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            yield from ((path, key) for key in value)
            todo.extend((_join(path, key), item, depth + 1) for key, item in value.items())
        elif isinstance(value, list):
            todo.extend((_join(path, str(n)), item, depth + 1) for n, item in enumerate(value))


def _join(path: str, step: str) -> str:
    """Return the path of a member, without the NUL that may be the problem."""
    clean = step.replace(NUL, "")
    return f"{path}.{clean}" if path else clean
