from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from definitions.batches import Tally
from definitions.decisions import Decision, DecisionCode
from definitions.freshness import Freshness, Promise, broken_notice
from definitions.lifecycle import Cause, RunState, StopReason
from definitions.notices import (
    TEST,
    Missed,
    NoticeType,
    Subject,
    ToldRun,
    missed_notice,
    missed_of,
    run_notice,
    trial_notice,
    type_of,
)
from sources import answers

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "notices.md").read_text(encoding="utf-8")
AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SUBJECT = Subject(project_token="prj", import_id="d1", import_name="CRM nightly")


def run(**changes: object) -> ToldRun:
    values: dict[str, object] = {
        "id": "r1",
        "token": 1,
        "state": RunState.FAILED,
        "stop_reason": StopReason.SOURCE_ERROR,
        "cause": Cause.SCHEDULE,
        "scheduled_for": AT,
        "started_at": AT,
        "finished_at": AT,
        "attempt": 3,
        "error": "https://files.example.test/a.csv answers 404",
        "reason_code": "source_refused",
        "tally": Tally(),
        "fault_count": 0,
    }
    return ToldRun(**{**values, **changes})  # type: ignore[arg-type] # of the types above


@pytest.mark.parametrize(
    ("state", "rejected", "expected"),
    [
        (RunState.COMPLETED, 0, NoticeType.RUN_COMPLETED),
        (RunState.COMPLETED, 1, NoticeType.RUN_COMPLETED_WITH_REJECTS),
        (RunState.FAILED, 1, NoticeType.RUN_FAILED),
        (RunState.CANCELLED, 0, None),
        (RunState.QUEUED, 0, None),
    ],
)
def test_each_end_of_a_run_has_its_type(
    state: RunState, rejected: int, expected: NoticeType | None
) -> None:
    assert type_of(state, rejected) is expected


def test_a_failed_run_is_told_with_its_cause_and_its_remedy() -> None:
    said = json.loads(run_notice(NoticeType.RUN_FAILED, SUBJECT, run(), AT).body)

    assert (said["type"], said["version"]) == ("run.failed", 1)
    assert said["timestamp"] == "2026-03-01T12:00:00.123456Z"
    data = said["data"]
    assert data["import_name"] == "CRM nightly"
    assert data["summary"] == (
        "Import 'CRM nightly' failed: https://files.example.test/a.csv answers 404"
    )
    assert data["remedy"] == (
        "correct the address or the login of the source; then run it again: "
        "importmgr definitions run d1"
    )
    assert data["path"] == "/imports/v1/prj/d1/runs/r1"
    assert data["command"] == "importmgr runs show d1 r1"
    assert data["run"]["attempt"] == 3


def test_a_reason_that_is_not_known_here_has_a_remedy_too() -> None:
    notice = run_notice(NoticeType.RUN_FAILED, SUBJECT, run(reason_code="new"), AT)

    assert notice.data["remedy"].startswith("look at the run's error; then run it again")


def test_rejected_rows_are_counted() -> None:
    tally = Tally(read=10, created=7, rejected=3)
    done = run(state=RunState.COMPLETED, error=None, tally=tally)

    notice = run_notice(NoticeType.RUN_COMPLETED_WITH_REJECTS, SUBJECT, done, AT)

    assert notice.data["summary"].endswith("completed, but rejected 3 of 10 rows")
    assert notice.data["run"]["rows"]["rejected"] == 3


def test_one_end_of_a_run_has_one_id_and_its_next_end_another() -> None:
    first = run_notice(NoticeType.RUN_FAILED, SUBJECT, run(), AT)
    again = run_notice(NoticeType.RUN_FAILED, SUBJECT, run(), AT + timedelta(hours=1))
    retried = run_notice(NoticeType.RUN_FAILED, SUBJECT, run(token=2), AT)

    assert first.id == again.id
    assert first.id != retried.id
    assert first.id.startswith("msg_")
    assert "." not in first.id


def decided(code: DecisionCode, hour: int, **facts: object) -> Decision:
    at = AT.replace(hour=hour, minute=0, microsecond=0).isoformat()
    return Decision(code=code, facts={"scheduled_for": at, **facts})


def test_instants_without_a_run_are_gathered_by_their_reason() -> None:
    made = [
        decided(DecisionCode.MISSED, 1, count=1),
        decided(DecisionCode.MISSED, 2, count=5, last=AT.isoformat()),
        decided(DecisionCode.QUEUE_FULL, 4),
        decided(DecisionCode.FIRED_LATE, 5),
    ]

    missed, full = missed_of(made)

    assert (missed.count, missed.first.hour, missed.last, missed.why) == (6, 1, AT, "missed")
    assert (full.count, full.first.hour, full.last.hour) == (1, 4, 4)
    assert missed_of([decided(DecisionCode.FIRED, 1)]) == []


@pytest.mark.parametrize(
    ("why", "count", "summary"),
    [
        ("missed", 1, "has no run for 1 instant: no service was there to start it"),
        ("queue_full", 2, "has no run for 2 instants: too many of its runs wait"),
    ],
)
def test_missed_instants_are_told_with_their_reason(why: str, count: int, summary: str) -> None:
    missed = Missed(first=AT, last=AT, count=count, why=why)

    notice = missed_notice(SUBJECT, missed, AT)

    assert notice.type == "run.missed"
    assert notice.data["summary"].endswith(summary)
    assert notice.data["missed"]["count"] == count
    assert notice.data["command"] == "importmgr definitions why d1"


def test_a_trial_is_no_notice() -> None:
    said = json.loads(trial_notice("t", "prj", AT).body)

    assert said["type"] == TEST
    assert TEST not in list(NoticeType)


def test_the_example_in_the_reference_is_what_is_sent() -> None:
    example = json.loads(PAGE.split("```json")[1].split("```")[0])
    missing = requests.Response()
    missing.status_code = 404
    subject = Subject(
        project_token="5b1f7c2e",
        import_id="5f3c1a2b4d5e6f708192a3b4",
        import_name="CRM nightly",
    )
    told = run(
        id="66f0c1d2e3a4b5c6d7e8f901",
        scheduled_for=AT.replace(minute=59, hour=11, second=58, microsecond=0),
        started_at=AT.replace(minute=59, hour=11, second=59, microsecond=0),
        attempt=1,
        error=str(answers.error_of_status(missing, "https://files.example.test/a.csv")),
    )

    assert json.loads(run_notice(NoticeType.RUN_FAILED, subject, told, AT).body) == example


def test_every_member_is_in_the_reference_and_no_other() -> None:
    fresh = Freshness(
        promise=Promise(every=timedelta(hours=26), min_rows=1),
        due_at=AT,
        broken_since=AT,
        last_good_at=AT,
    )
    missed = Missed(first=AT, last=AT, count=1, why="missed")
    bodies = [
        json.loads(notice.body)
        for notice in (
            run_notice(NoticeType.RUN_FAILED, SUBJECT, run(), AT),
            missed_notice(SUBJECT, missed, AT),
            broken_notice(SUBJECT, fresh, AT),
        )
    ]
    rows = {row.split(" | ")[0]: row for row in PAGE.splitlines() if row.startswith("| `")}
    named = [name for cell in rows for name in re.findall(r"`([a-z_.]+)`", cell)]

    outer = {name for body in bodies for name in body if name != "data"}
    inner = {name for body in bodies for name in body["data"]}
    assert {name.removeprefix("data.") for name in named if "-" not in name} == outer | inner
    for body, part in zip(bodies[1:], ("missed", "freshness"), strict=True):
        told = set(re.findall(r"`([a-z_]+)`", rows[f"| `data.{part}`"]))
        assert set(body["data"][part]) <= told


def test_every_notice_is_in_the_guide() -> None:
    page = (ROOT / "docs" / "guide" / "being-told.md").read_text(encoding="utf-8")

    assert [kind for kind in NoticeType if f"`{kind}`" not in page] == []


@pytest.mark.parametrize(
    ("kind", "summary", "remedy"),
    [
        (
            NoticeType.RUN_COMPLETED,
            "Corrected rows of import 'CRM nightly' were loaded: 3 rows read",
            "nothing has to be done",
        ),
        (
            NoticeType.RUN_COMPLETED_WITH_REJECTS,
            "Of corrected rows of import 'CRM nightly', 1 of 3 are rejected still",
            "correct what is still rejected: importmgr runs rejects d1 r0",
        ),
        (
            NoticeType.RUN_FAILED,
            "Corrected rows of import 'CRM nightly' were not loaded: they hold masked cells",
            "correct them and hand them in again: importmgr runs repair d1 r0 FILE",
        ),
    ],
)
def test_a_repair_is_told_as_one_with_the_run_that_it_is_of(
    kind: NoticeType, summary: str, remedy: str
) -> None:
    told = run(
        cause=Cause.REPAIR,
        of_run_id="r0",
        error="they hold masked cells",
        reason_code="format",
        tally=Tally(read=3, created=2, rejected=1),
    )
    data = json.loads(run_notice(kind, SUBJECT, told, AT).body)["data"]

    assert (data["summary"], data["remedy"]) == (summary, remedy)
    assert data["run"]["of_run_id"] == "r0"
