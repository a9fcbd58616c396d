"""Values made from answers."""

from __future__ import annotations

import pytest

from definitions.lifecycle import TERMINAL, RunState
from importmgr.client.values import Run, fault_of


@pytest.mark.parametrize("state", RunState)
def test_a_run_has_ended_in_a_last_state_only(state: RunState) -> None:
    run = Run(
        id="1",
        status=state.value,
        rows_total=None,
        rows_read=0,
        rows_created=0,
        rows_updated=0,
        rows_unchanged=0,
        rows_rejected=0,
        rows_skipped=0,
        faults=(),
        fault_count=0,
        warnings=(),
        files={},
        file_rows={},
        error=None,
        reason=None,
        document={},
    )

    assert run.ended == (state in TERMINAL)
    assert run.completed == (state is RunState.COMPLETED)


def test_a_fault_without_its_row_is_not_a_fault() -> None:
    with pytest.raises(KeyError, match="row"):
        fault_of({"file": "a.csv"})
