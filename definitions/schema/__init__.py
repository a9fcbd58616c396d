"""The document a client sends, checked and brought to one normal form, and the model made from it.

Each part of the document has a module of its name; every tolerance of the contract lives here.
"""

from __future__ import annotations

from definitions.address import check_url
from definitions.schema.building import to_definition, to_trigger
from definitions.schema.document import ImportDefinitionSchema, normalise
from definitions.schema.layout import to_format
from definitions.schema.openapi import VARIANTS, openapi_schemas

__all__ = [
    "VARIANTS",
    "ImportDefinitionSchema",
    "check_url",
    "normalise",
    "openapi_schemas",
    "to_definition",
    "to_format",
    "to_trigger",
]
