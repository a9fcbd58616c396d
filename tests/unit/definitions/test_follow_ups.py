from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from definitions.follow_ups import (
    KEEP,
    MOST_TRIES,
    AfterRun,
    FileAction,
    FollowUp,
    Naming,
    left_behind,
    pause_after,
)
from definitions.lifecycle import RunState

MOVE = FollowUp(action=FileAction.MOVE, to="done")
DELETE = FollowUp(action=FileAction.DELETE)
AFTER = AfterRun(success=MOVE, failure=DELETE)
NAMING = Naming(
    parent="out", at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC), zone=ZoneInfo("Europe/Prague")
)


def moved_to(folder: str) -> FollowUp:
    return FollowUp(action=FileAction.MOVE, to=folder)


def renamed(suffix: str) -> FollowUp:
    return FollowUp(action=FileAction.RENAME, suffix=suffix)


@pytest.mark.parametrize(
    ("run", "done", "reached", "owed"),
    [
        (RunState.COMPLETED, True, False, MOVE),
        (RunState.FAILED, True, False, MOVE),
        (RunState.FAILED, False, True, DELETE),
        (RunState.FAILED, False, False, KEEP),
        (RunState.CANCELLED, True, False, KEEP),
        (RunState.CANCELLED, False, True, KEEP),
    ],
)
def test_what_is_owed_follows_from_how_file_and_run_ended(
    run: RunState, done: bool, reached: bool, owed: FollowUp
) -> None:
    assert AFTER.owed(run, done=done, reached=reached) == owed


@pytest.mark.parametrize(
    ("follow_up", "number", "target"),
    [
        (moved_to("done"), 1, "out/done/crm.csv"),
        (moved_to("./done//x/"), 2, "out/done/x/crm-2.csv"),
        (moved_to("/done/{yyyy}{MM}{dd}"), 1, "done/20260302/crm.csv"),
        (renamed(".imported"), 1, "out/in/crm.csv.imported"),
        (renamed(".imported"), 3, "out/in/crm.csv-3.imported"),
    ],
)
def test_a_name_that_is_taken_gets_a_number(follow_up: FollowUp, number: int, target: str) -> None:
    assert NAMING.target(follow_up, "out/in/crm.csv", number) == target


@pytest.mark.parametrize(
    ("follow_up", "path", "left"),
    [
        (moved_to("done"), "out/done/crm.csv", True),
        (moved_to("done"), "out/done/deeper/crm.csv", True),
        (moved_to("done"), "out/done.csv", False),
        (moved_to("d.ne/{yyyy}-{MM}"), "out/d.ne/2026-03/crm-2.csv", True),
        (moved_to("d.ne/{yyyy}-{MM}"), "out/dxne/2026-03/crm.csv", False),
        (moved_to("/done/{HH}"), "done/07/crm.csv", True),
        (moved_to("/done/{HH}"), "out/done/07/crm.csv", False),
        (renamed(".imported"), "out/crm.csv-3.imported", True),
        (renamed(".imported"), "out/crm.imported.csv", False),
    ],
)
def test_what_is_left_behind_is_recognised(follow_up: FollowUp, path: str, left: bool) -> None:
    for after in (AfterRun(success=follow_up), AfterRun(failure=follow_up, success=DELETE)):
        expression = left_behind("out", after)
        assert expression is not None
        assert bool(re.fullmatch(expression, path)) is left


def test_what_deletes_leaves_nothing_behind() -> None:
    assert left_behind("out", AfterRun(success=DELETE)) is None


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(failures) for failures in range(1, MOST_TRIES)]

    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-1] == timedelta(hours=6)
    assert pause_after(MOST_TRIES) is None
