from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from definitions.follow_ups import AfterRun, FileAction, FollowUp
from definitions.meant_files import files_between, files_of
from definitions.model import FileSelection, FileStorageSource

MOVE = FollowUp(action=FileAction.MOVE, to="done")


@pytest.mark.parametrize(
    ("path", "minutes", "expected"),
    [
        ("x.csv", 600, ["x.csv"]),
        ("{HH}.csv", 0, ["10.csv"]),
        ("{HH}.csv", -5, ["10.csv"]),
        ("{HH}.csv", 7, ["10.csv"]),
        ("{HH}.csv", 17, ["09.csv", "10.csv"]),
        ("{HH}.csv", 77, ["08.csv", "09.csv", "10.csv"]),
        ("{dd}.csv", 3 * 1440, ["28.csv", "29.csv", "30.csv", "31.csv"]),
        ("{MM}.csv", 10_000_000, ["02.csv", "03.csv"]),
    ],
)
def test_what_was_meant_since_an_instant_is_meant_still(
    path: str, minutes: int, expected: list[str]
) -> None:
    source = FileStorageSource(
        integration_id="i" * 24, parent_path=None, path=path, selection=FileSelection.ALL
    )
    now = datetime(2026, 3, 31, 10, 15, tzinfo=UTC)

    found = files_between(source, now - timedelta(minutes=minutes), now, ZoneInfo("UTC"))

    assert [pattern.exact for pattern in found] == expected


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
