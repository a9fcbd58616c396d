"""Rejected rows of a run: an extension, the vendor has none."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.schema.fields import DocumentSchema
from importmgr.api.dialects.bloomreach.schemas.parts import FAR, Success, count, told
from importmgr.api.fields import QueryWhole
from importmgr.services.rejects import Form
from importmgr.store.rejects import KeptFile

FORMS = [form.value for form in Form]


class PartQuery(DocumentSchema):
    """Which of the files that have rejected rows."""

    file = QueryWhole(
        1,
        FAR,
        None,
        "number of the file among those with rejected rows; needed if there are several",
    )


class RejectsQuery(PartQuery):
    """Which rejected rows, and how they are written."""

    as_ = fields.Enum(
        Form,
        by_value=True,
        data_key="as",
        load_default=Form.ORIGINAL,
        metadata={
            "type": "string",
            "enum": FORMS,
            "default": Form.ORIGINAL.value,
            "description": "`original`: byte by byte as in the file; `spreadsheet`: CSV in UTF-8 "
            "in which no cell can become a formula",
            "example": Form.SPREADSHEET.value,
        },
    )


class RejectFile(DocumentSchema):
    """A file that has rejected rows."""

    file = count("its number, to be asked for")
    name = told("the file, as its source calls it")
    rejected = count("rows of it that were rejected by the run")
    kept = count("of these, rows that are kept: the first ones, as many as there is room for")
    repaired = count("of the kept ones, rows that were corrected and have loaded")
    open = count("of the kept ones, rows that wait for a repair")


class RejectFileList(Success):
    """The files of a run that have rejected rows."""

    files = fields.List(fields.Nested(RejectFile), required=True)


def render_file(kept: KeptFile) -> dict[str, Any]:
    """Return a file as the answer names its parts."""
    return {
        "file": kept.part,
        "name": kept.file.name,
        "rejected": kept.rejected,
        "kept": kept.kept,
        "repaired": kept.repaired,
        "open": kept.open,
    }
