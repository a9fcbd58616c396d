from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from definitions.follow_ups import AfterRun, FileAction, FollowUp
from definitions.meant_files import files_of
from definitions.model import FileSelection, FileStorageSource

MOVE = FollowUp(action=FileAction.MOVE, to="done")


def test_files_that_were_moved_are_not_meant_again() -> None:
    source = FileStorageSource(
        integration_id="i" * 24,
        parent_path="out",
        path="**/*.csv",
        selection=FileSelection.ALL,
        after=AfterRun(success=MOVE),
    )
    pattern = files_of(source, datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("UTC"))

    assert pattern.fit(["out/a.csv", "out/in/a.csv", "out/done/a.csv"]) == [True, True, False]
