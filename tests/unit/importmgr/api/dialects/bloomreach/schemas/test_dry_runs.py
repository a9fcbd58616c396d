from __future__ import annotations

from importmgr.api.dialects.bloomreach.dry_run_examples import DRY_RUN
from importmgr.api.dialects.bloomreach.schemas.dry_runs import DryRunRead


def test_the_example_is_what_the_schema_answers() -> None:
    dumped = DryRunRead().dump(DRY_RUN)

    assert dumped == DRY_RUN
