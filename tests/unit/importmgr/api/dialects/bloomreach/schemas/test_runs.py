from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.batches import Tally
from definitions.faults import Fault, FaultCode
from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.api.dialects.bloomreach.schemas.runs import STATUSES, RunRead, render_run
from importmgr.services.runs import RunReport
from importmgr.store.runs import Run
from tests.stores import NOW

RUN = Run(
    id="a" * 24,
    definition_id="b" * 24,
    project_id=1,
    state=RunState.QUEUED,
    stop_reason=None,
    cause=Cause.MANUAL,
    scheduled_for=None,
    late=False,
    priority=0,
    rerun_of=None,
    location=None,
    source_location=None,
    token=0,
    attempt=0,
    created_at=NOW,
    started_at=None,
    finished_at=None,
    paused_at=None,
    asked_by=None,
    braked=None,
    passed=(),
    error=None,
    reason_code=None,
    warnings=(),
    files=(),
    tally=Tally(),
    fault_count=0,
    rows_total=None,
)
FAULT = Fault(
    file="a.csv",
    row=1,
    line=2,
    column=None,
    value=None,
    code=FaultCode.TOO_FEW_FIELDS,
    message="has 1 field, not 2",
    rejects_row=True,
)


@pytest.mark.parametrize("state", [RunState(status) for status in STATUSES])
def test_every_state_of_this_dialect_is_rendered(state: RunState) -> None:
    rendered = render_run(RunReport(run=replace(RUN, state=state), faults=()))

    assert rendered["status"] == state
    assert RunRead().validate({"success": True, "run": rendered}) == {}


def test_a_new_run_has_no_times_but_its_own() -> None:
    rendered = render_run(RunReport(run=RUN, faults=()))

    assert rendered["created"] == NOW.timestamp()
    assert (rendered["started"], rendered["finished"], rendered["rows_total"]) == (None, None, None)


def test_the_counts_of_an_ended_run_add_up() -> None:
    tally = Tally(read=15, created=1, updated=2, unchanged=3, rejected=4, skipped=5)
    run = replace(RUN, tally=tally, state=RunState.COMPLETED, stop_reason=StopReason.DONE)

    rendered = render_run(RunReport(run=run, faults=(FAULT,)))

    parts = ("created", "updated", "unchanged", "failed", "skipped")
    assert rendered["rows_processed"] == sum(rendered[f"rows_{part}"] for part in parts) == 15
    assert rendered["stop_reason"] == "done"
    assert rendered["errors"][0]["code"] == "too_few_fields"
    assert set(rendered) == set(RunRead().fields["run"].nested().fields)  # type: ignore[attr-defined]
