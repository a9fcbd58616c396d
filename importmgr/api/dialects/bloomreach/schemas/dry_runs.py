"""Dry runs: an extension, the vendor has none."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from definitions.schema.fields import DocumentSchema
from importmgr.api.dialects.bloomreach.schemas.faults import FaultCountItem, RunFault
from importmgr.api.dialects.bloomreach.schemas.parts import Success, count, our_id, told
from importmgr.api.dialects.bloomreach.schemas.runs import RunItem, render_run
from importmgr.services.runs import RunReport
from importmgr.store.dry_runs import DryRun


class DryRunStarted(Success):
    """A queued dry run."""

    run_id = our_id("id of the dry run")


class RecordSample(DocumentSchema):
    """A record that would have been written."""

    row = count("data row from 1, header not counted")
    keys = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "its ids, or its item id"}
    )
    before = fields.Dict(
        keys=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "the properties before, or null when there is nothing"},
    )
    after = fields.Dict(
        keys=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "the properties after"},
    )


class RejectSample(DocumentSchema):
    """A row that would have been rejected."""

    file = told("file the row is in")
    row = count("data row from 1, header not counted")
    line = count("line of the file, from 1")
    code = told("stable name of the fault")
    column = told("column that is to blame, or null when the whole row is", allow_none=True)
    message = told("what is wrong")
    text = told("the row, cut at 500 characters")


class Samples(DocumentSchema):
    """A few rows of each kind, found among the first rows of the batches."""

    created = fields.List(fields.Nested(RecordSample), required=True)
    updated = fields.List(fields.Nested(RecordSample), required=True)
    unchanged = fields.List(fields.Nested(RecordSample), required=True)
    skipped = fields.List(fields.Nested(RecordSample), required=True)
    rejected = fields.List(fields.Nested(RejectSample), required=True)


class ReadFile(DocumentSchema):
    """A file, how it was read, and what is in its columns."""

    file = told("the file, as its source calls it")
    read_as = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "what was found out, or given, about how it is written"},
    )
    columns = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "a profile of each column, as `importmgr inspect` has it"},
    )


class BrakeItem(DocumentSchema):
    """A brake that would act."""

    brake = told("which one, as `brakes` of the definition calls it")
    action = told("what it would do: warn, pause or fail")
    text = told("what it saw, and the limit")


class Report(DocumentSchema):
    """What a dry run found out."""

    samples = fields.Nested(Samples, required=True)
    faults = fields.List(
        fields.Nested(RunFault), required=True, metadata={"description": "the first 100 faults"}
    )
    fault_counts = fields.List(
        fields.Nested(FaultCountItem),
        required=True,
        metadata={"description": "faults by code and column, most first"},
    )
    files = fields.List(fields.Nested(ReadFile), required=True)
    brakes = fields.List(
        fields.Nested(BrakeItem),
        required=True,
        metadata={"description": "brakes that would act in a run; none stops a dry run"},
    )
    warnings = fields.List(fields.String(), required=True)


class DryRunItem(RunItem):
    """A dry run: the counts are those that a run would have."""

    import_id = our_id("id of the definition; null for one that is not stored", allow_none=True)
    report = fields.Nested(
        Report,
        required=True,
        allow_none=True,
        metadata={"description": "what it found out, once it has completed"},
    )


class DryRunRead(Success):
    """One dry run."""

    dry_run = fields.Nested(DryRunItem, required=True)


def render_dry_run(found: DryRun) -> dict[str, Any]:
    """Return a dry run as the answer names its parts."""
    run = render_run(RunReport(run=found.run, faults=()))
    return {**run, "import_id": found.definition_id, "report": found.report}
