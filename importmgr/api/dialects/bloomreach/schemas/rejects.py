"""Rejected rows of a run: an extension, the vendor has none."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.schema.fields import DocumentSchema
from importmgr.api.dialects.bloomreach.schemas.parts import (
    FAR,
    Success,
    count,
    epoch,
    our_id,
    told,
)
from importmgr.api.dialects.bloomreach.schemas.runs import STATUSES
from importmgr.api.fields import QueryChoice, QueryWhole
from importmgr.services.rejects import Form
from importmgr.store.rejects import KeptFile
from importmgr.store.repairs import RepairDone


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

    as_ = QueryChoice(
        Form,
        Form.ORIGINAL,
        "`original`: byte by byte as in the file; `spreadsheet`: CSV in UTF-8 in which no cell "
        "can become a formula",
        data_key="as",
    )


class RejectFile(DocumentSchema):
    """A file that has rejected rows."""

    file = count("its number, to be asked for")
    name = told("the file, as its source calls it")
    rejected = count("rows of it that were rejected by the run")
    kept = count("of these, rows that are kept: the first ones, as many as there is room for")
    repaired = count("of the kept ones, rows that were corrected and have loaded")
    discarded = count("of the kept ones, rows that somebody gave up: nobody will correct them")
    open = count("of the kept ones, rows that wait for a repair")
    masked = fields.Boolean(
        required=True,
        metadata={"description": "whether cells are masked unless they are asked for unmasked"},
    )


class RejectFileList(Success):
    """The files of a run that have rejected rows."""

    files = fields.List(fields.Nested(RejectFile), required=True)


def render_file(kept: KeptFile, *, masked: bool) -> dict[str, Any]:
    """Return a file as the answer names its parts."""
    return {
        "file": kept.part,
        "name": kept.file.name,
        "rejected": kept.rejected,
        "kept": kept.kept,
        "repaired": kept.repaired,
        "discarded": kept.discarded,
        "open": kept.open,
        "masked": masked,
    }


class RepairStarted(Success):
    """A queued repair."""

    import_id = our_id("id of the definition")
    run_id = our_id("id of the run that loads the corrected rows")
    repairs = our_id("id of the run that rejected them")


class RepairItem(DocumentSchema):
    """A repair: who handed in corrected rows, and what became of them."""

    run_id = our_id("id of the run that loads them")
    status = fields.String(required=True, metadata={"enum": STATUSES, "example": "completed"})
    file = count("number of the file whose rows they are")
    asked_by = our_id("id of the key with which they were handed in")
    created = epoch("when they were handed in")
    finished = epoch("when they were loaded", allow_none=True)
    size = count("bytes that were handed in")
    sha256 = told("their hash, which tells whether the same was handed in twice")
    rows_processed = count("rows that were handed in")
    rows_loaded = count("rows that were loaded in the place of rejected ones")
    rows_failed = count("rows that are rejected still")
    rows_untouched = count("of these, rows that came back as they were handed out")
    rows_skipped = count(
        "rows that are given up, that did not wait for a repair, or that nobody knows"
    )
    rows_discarded = count("of these, rows that are given up")
    error = told("why it failed, for a person", allow_none=True)


class RepairList(Success):
    """The repairs of a run, the oldest first."""

    repairs = fields.List(fields.Nested(RepairItem), required=True)


def render_repair(repair: RepairDone) -> dict[str, Any]:
    """Return a repair as the answer names its parts."""
    run, tally = repair.run, repair.run.tally
    return {
        "run_id": run.id,
        "status": run.state.value,
        "file": repair.part,
        "asked_by": repair.asked_by,
        "created": run.created_at.timestamp(),
        "finished": None if run.finished_at is None else run.finished_at.timestamp(),
        "size": repair.size,
        "sha256": repair.sha256,
        "rows_processed": tally.read,
        "rows_loaded": tally.created + tally.updated + tally.unchanged,
        "rows_failed": tally.rejected,
        "rows_untouched": repair.counts.untouched,
        "rows_skipped": tally.skipped,
        "rows_discarded": repair.counts.discarded,
        "error": run.error,
    }
