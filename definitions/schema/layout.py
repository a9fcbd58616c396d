"""How a file is written, said apart from a definition, as a person does who looks at one."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import ValidationError

from definitions.errors import InvalidError
from definitions.model import FileFormat
from definitions.schema.building import file_format
from definitions.schema.document import flat
from definitions.schema.format import FormatSchema
from definitions.schema.rules import json_kind

_SCHEMA = FormatSchema()
_PATH = "format"


def to_format(document: object) -> FileFormat:
    """Return how files are written, as the `source.format` of a definition says it.

    Raise `InvalidError` with every problem, under paths such as `format.delimiter`. A name that
    is not known is one of them: nobody but its writer gave it.
    """
    if not isinstance(document, Mapping):
        raise InvalidError({_PATH: [f"must be a JSON object, not {json_kind(document)}"]})
    try:
        checked = _SCHEMA.load(document)
    except ValidationError as exc:
        raise InvalidError(dict(flat(exc.messages, _PATH))) from exc
    return file_format(checked)
