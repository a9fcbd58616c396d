"""Refusals name the value that they refuse, whichever field wrote them; a secret one never.

What a field says of its value is made complete where its schema raises it, so that no field has to
think of it. A field is secret if the format in its metadata is `password`, or is not known to hold
plain values; `uri` is the format of web addresses.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, TypeAlias

from marshmallow import fields

from definitions.shown import named

Messages: TypeAlias = Any  # nested lists and mappings, as the library has it
Fields: TypeAlias = Mapping[str, fields.Field[Any]]

_SECRET, _ADDRESS = "password", "uri"


def name_values(messages: Messages, given: object, known: Fields) -> None:
    """Let each message of a schema name the value in `given` that it is about."""
    if not isinstance(messages, MutableMapping) or not isinstance(given, Mapping):
        return
    by_key = {field.data_key or name: field for name, field in known.items()}
    for key, inner in messages.items():
        if key in by_key and key in given:
            messages[key] = _completed(inner, given[key], by_key[key])


def is_secret(field: fields.Field[Any]) -> bool:
    """Tell whether the value of a field, or anything that belongs into it, must not be shown."""
    if isinstance(field, fields.Nested):
        return any(map(is_secret, field.schema.fields.values()))
    if isinstance(field, fields.List):
        return is_secret(field.inner)
    is_text = isinstance(field, fields.String | fields.Number | fields.Boolean)
    return field.metadata.get("format") == _SECRET or not (is_text or _is_plain(field))


def _is_plain(field: fields.Field[Any]) -> bool:
    """Tell whether the value of a field of a kind of our own may be shown."""
    return bool(getattr(field, "plain", False))


def _completed(messages: Messages, value: object, field: fields.Field[Any]) -> Messages:
    if isinstance(messages, list):
        if is_secret(field):
            return messages
        address = field.metadata.get("format") == _ADDRESS
        return [named(text, value, address=address) for text in messages]
    if isinstance(field, fields.Nested):
        name_values(messages, value, field.schema.fields)
    elif isinstance(field, fields.List) and isinstance(value, list):
        for place, inner in messages.items():
            if isinstance(place, int) and place < len(value):
                messages[place] = _completed(inner, value[place], field.inner)
    return messages
