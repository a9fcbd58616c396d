"""Whatever a field of a schema refuses, it says which value that was, unless that is secret."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields

import definitions.schema
from definitions.schema.document import flat
from definitions.schema.naming import is_secret
from importmgr.api.dialects.bloomreach.commands import COMMAND, KINDS
from importmgr.api.dialects.registry import DIALECTS
from importmgr.telling.registry import channels

LONGEST = 500  # characters of one message
SECRET = "correct horse battery staple"
BAD: dict[str, object] = {
    "number": -7.25,
    "huge": 1e308,
    "digits": 10**300,
    "not a number": float("nan"),
    "empty": "",
    "word": "no-such-word",
    "up": "../x",
    "ends": "a\r\nb\x1b[2J",
    "nul": "a\0b",
    "half": "a\ud800b",
    "long": "x" * 70_000,
    "placeholder": "a/{YYYY}",
    "address": f"ftp://user:{SECRET}@files.example.test/x?token={SECRET}",
}
PROMISES = re.compile(r"must|may|is |are |has |have |cannot|needs|repeats|belongs")


def _schemas() -> Iterator[type[Schema]]:
    for module in pkgutil.iter_modules(definitions.schema.__path__, "definitions.schema."):
        for found in vars(import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, Schema):
                yield found
    for dialect in DIALECTS:
        for blueprint in dialect.blueprints:
            yield from blueprint.readers
    yield from (type(kind.schema) for kind in KINDS.values())
    yield from (kind.schema for kind in channels())
    yield type(COMMAND)


SCHEMAS = sorted(
    {kind for kind in _schemas() if kind.__module__.startswith(("definitions.", "importmgr."))},
    key=lambda kind: (kind.__module__, kind.__name__),
)


@pytest.mark.parametrize("kind", SCHEMAS, ids=lambda kind: kind.__name__)
def test_every_field_names_what_it_refuses(kind: type[Schema]) -> None:
    schema = kind()
    told = [
        (name, bad, text)
        for name, field in _fields(schema)
        for bad in BAD
        for text in _texts(schema, name, BAD[bad])
        if not is_secret(field) and not _names(text, BAD[bad])
    ]

    assert told == []


@pytest.mark.parametrize("kind", SCHEMAS, ids=lambda kind: kind.__name__)
def test_no_message_holds_a_secret_or_is_unfit_to_be_read(kind: type[Schema]) -> None:
    schema = kind()
    wrong = []
    for name, field in _fields(schema):
        for bad, value in BAD.items():
            for text in _texts(schema, name, value):
                shows = is_secret(field) and isinstance(value, str) and value and value in text
                unfit = not text.isprintable() or len(text) > LONGEST or not PROMISES.search(text)
                if SECRET in text or shows or unfit:
                    wrong.append((name, bad, text))

    assert wrong == []


def _fields(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in schema.fields.items():
        yield field.data_key or name, field


def _texts(schema: Schema, name: str, value: object) -> Iterator[str]:
    """Yield what is said of a field that has a value, and of an array that holds it."""
    inner = getattr(schema.load_fields.get(name), "inner", None)
    for given in (value, [value]) if inner is not None else (value,):
        try:
            schema.load({name: given})
        except ValidationError as exc:
            found = exc.messages if isinstance(exc.messages, Mapping) else {}
            for _, texts in flat(found.get(name, {})):
                yield from texts


def _names(text: str, value: object) -> bool:
    if isinstance(value, str):
        begin = (
            value.partition("/")[0] if "absolute address" in text or "://" in value else value[:50]
        )
        return repr(begin)[:-1] in text or (not value and "empty" in text)
    return repr(value)[:50] in text
