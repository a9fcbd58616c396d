"""JSON documents that are given to commands as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from definitions.errors import RequestError


def read_document(file: IO[str]) -> Mapping[str, Any]:
    """Return the JSON object in a file."""
    try:
        document = json.load(file)
    except ValueError as exc:
        msg = f"{file.name} is not JSON: {exc}"
        raise RequestError(msg) from exc
    if not isinstance(document, dict):
        msg = f"{file.name} must hold a JSON object, an import definition"
        raise RequestError(msg)
    return document
