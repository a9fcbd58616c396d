from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from definitions.freshness import (
    Freshness,
    FreshnessState,
    Promise,
    broken_notice,
    duration_of,
    duration_problem,
    promise_of,
    restored_notice,
)
from definitions.notices import Subject

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBJECT = Subject(project_token="prj", import_id="d1", import_name="CRM nightly")


def standing(**changes: datetime | None) -> Freshness:
    values = {"due_at": AT, "broken_since": None, "last_good_at": None, **changes}
    return Freshness(promise=Promise(every=timedelta(hours=26), min_rows=1000), **values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90m", timedelta(minutes=90)), ("26h", timedelta(hours=26)), ("7d", timedelta(days=7))],
)
def test_durations_are_minutes_hours_or_days(text: str, expected: timedelta) -> None:
    assert duration_problem(text) is None
    assert duration_of(text) == expected


@pytest.mark.parametrize("text", ["", "26", "0h", "1.5h", "h", "26 hours", "-1d", "999999d", "٣h"])
def test_what_is_no_duration_is_told(text: str) -> None:
    assert "such as 90m, 26h or 7d" in (duration_problem(text) or "")


def test_a_document_promises_only_what_it_says() -> None:
    assert promise_of({}) is None
    assert promise_of({"freshness": None}) is None
    assert promise_of({"freshness": {"every": "7d", "min_rows": 5}}) == Promise(
        every=timedelta(days=7), min_rows=5
    )


def test_a_promise_stands_in_one_of_three_ways() -> None:
    assert standing().state is FreshnessState.FRESH
    assert standing(broken_since=AT).state is FreshnessState.BROKEN
    assert standing(due_at=None).state is FreshnessState.OFF


def test_a_broken_promise_is_told_with_what_was_promised() -> None:
    notice = broken_notice(SUBJECT, standing(broken_since=AT, last_good_at=AT), AT)

    assert notice.type == "freshness.broken"
    assert notice.data["summary"] == (
        "Import 'CRM nightly' is not fresh: no run with at least 1000 good rows in 26 hours; "
        "the last one ended 2026-03-01 12:00 UTC"
    )
    assert notice.data["freshness"]["every_seconds"] == 26 * 3600
    never = broken_notice(SUBJECT, standing(broken_since=AT), AT)
    assert never.data["summary"].endswith("there was none yet")


def test_each_break_has_an_id_of_its_own() -> None:
    first, later = standing(broken_since=AT), standing(broken_since=AT + timedelta(days=2))

    assert broken_notice(SUBJECT, first, AT).id != broken_notice(SUBJECT, later, AT).id
    assert restored_notice(SUBJECT, first, AT).type == "freshness.restored"
    assert restored_notice(SUBJECT, first, AT).id != broken_notice(SUBJECT, first, AT).id
