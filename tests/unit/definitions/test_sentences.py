"""Decisions as people read them."""

from __future__ import annotations

import pytest

from definitions.decisions import DecisionCode
from definitions.file_decisions import NOTEWORTHY, FileCode
from definitions.sentences import sentence

GAP = {
    "scheduled_for": "2026-03-29T01:00:00+00:00",
    "local": "2026-03-29T03:00:00+02:00",
    "asked": "2026-03-29 02:30",
    "timezone": "Europe/Prague",
    "note": "gap",
    "run_id": "r2",
    "behind": "r1",
    "late_seconds": 75,
    "waiting": 100,
    "count": 1,
    "last": "2026-03-29T05:00:00+00:00",
    "policy": "latest",
}
ASKED = "2026-03-29 02:30 Europe/Prague"
MATCHED = "1,204 files matched"
IN_TIME: dict[str, object] = {"late_seconds": None}
ON_TIME = {**IN_TIME, "note": None}
SPAN = "2026-03-29T01:00:00+00:00 to 2026-03-29T05:00:00+00:00"
OTHER = {
    "of_run_id": "r1",
    "loaded": 3,
    "rejected": 2,
    "read": 9,
    "by": "66f0c1d2e3a4b5c6d7e8f903",
    "why": "a.csv has no rows",
    "again": True,
    "again_seconds": 30,
    "to": "done/b.csv",
    "next": "2026-04-01T00:00:00+00:00",
    "before": "2026-04-01T01:00:00+00:00",
    "path": "b.csv",
    "proof": "looks",
    "marker": ".done",
    "failures": 3,
    "min_rows": 1000,
    "every_seconds": 93600,
    "last_good": None,
    "known_as": "a.csv",
    "known_run_id": "41",
    "pattern": "*.csv",
    "taken": 1,
    "paths": ["b.csv"],
    "imported": 2,
    "older": 0,
    "since": "2026-03-29 01:00:00+00:00",
    "reason": "leads_out",
    "delay_seconds": 20,
    "owner": "host-1",
    "attempt": 2,
    "matched": 1204,
    "passed_over": 0,
    "held_back": 0,
    "unchanged": 37,
}


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("fired", IN_TIME, "2026-03-29 02:30 Europe/Prague does not exist; ran at 03:00"),
        ("fired", ON_TIME, "2026-03-29 02:30 Europe/Prague: ran at 03:00"),
        (
            "fired",
            {**IN_TIME, "note": "repeat"},
            "2026-03-29 02:30 Europe/Prague happens twice, of which the first counts; ran at 03:00",
        ),
        (
            "fired",
            {**IN_TIME, "note": "month_end"},
            f"{ASKED} is the last day of a month that lacks the day asked for; ran at 03:00",
        ),
        (
            "fired",
            {**ON_TIME, "delay_seconds": 12},
            f"{ASKED}: ran at 03:00, 12 s late",
        ),
        (
            "fired_late",
            {"note": None},
            f"{ASKED}: ran 75 s late (no service was there at 03:00)",
        ),
        (
            "skipped_overlap",
            ON_TIME,
            f"{ASKED}: left out at 03:00, as run r1 has not ended",
        ),
        (
            "skipped_overlap",
            {"note": None},
            f"{ASKED}: left out 75 s late (no service was there at 03:00), as run r1 has not ended",
        ),
        ("superseded", ON_TIME, f"{ASKED}: left out, as a later one is due as well"),
        (
            "superseded",
            {"note": None},
            f"{ASKED}: left out 75 s late (no service was there at 03:00), "  # noqa: ISC004 - one text
            "as a later one is due as well",
        ),
        (
            "cancelled_running",
            {"note": None},
            f"{ASKED}: ran 75 s late (no service was there at 03:00) "  # noqa: ISC004 - one text
            "in place of run r1, now cancelled",
        ),
        (
            "queued_behind",
            ON_TIME,
            f"{ASKED}: at 03:00 queued behind run r1, which has not ended",
        ),
        (
            "queued_behind",
            {**ON_TIME, "paused": "r0"},
            f"{ASKED}: at 03:00 queued behind run r1, which has not ended; "  # noqa: ISC004 - one text
            "run r0 is paused and waits for somebody",
        ),
        (
            "missed",
            {"note": None},
            f"{ASKED}: missed, as no service was there; one run makes up for all that are missed",
        ),
        (
            "missed",
            {"count": 7, "policy": "skip"},
            f"7 instants from {SPAN} missed, as no service was there; "  # noqa: ISC004 - one text
            "the definition does not make up for them",
        ),
    ],
)
def test_a_decision_is_a_sentence(code: str, facts: dict[str, object], expected: str) -> None:
    assert sentence(code, {**GAP, **facts}) == expected


def test_a_file_and_the_run_that_knew_its_content_are_named() -> None:
    facts = {"path": "b.csv", "known_as": "a.csv", "known_run_id": "41", "run_id": "42"}

    text = sentence("file_same_content", facts)

    assert text == "file b.csv: same content as a.csv imported in run 41; left out"


def test_a_run_says_which_files_it_takes_and_what_it_leaves() -> None:
    both = {"run_id": "r1", "imported": 0, "older": 0}

    one = sentence("files_chosen", {**both, "taken": 1, "paths": ["b.csv"], "older": 7})
    many = sentence("files_chosen", {**both, "taken": 5, "paths": ["a.csv", "b.csv", "c.csv"]})
    none = sentence("files_chosen", {**both, "taken": 0, "paths": [], "imported": 8})

    assert one == "run r1 takes b.csv; left out: 7 older than the last"
    assert many == "run r1 takes a.csv, b.csv, c.csv and 2 more"
    assert none == "run r1 takes no file; left out: 8 imported before"


def test_a_repair_says_how_many_rows_are_left() -> None:
    facts = {"run_id": "r2", "of_run_id": "r1", "loaded": 3, "rejected": 2}
    done = "run r2 loaded 3 corrected rows of run r1"

    assert sentence("rows_repaired", facts) == f"{done}: 2 of its rows are rejected still"
    assert (
        sentence("rows_repaired", {**facts, "rejected": 0})
        == f"{done}: none of its rows is rejected now"
    )
    dropped = sentence("rows_repaired", {**facts, "rejected": 0, "discarded": 2})
    assert dropped == f"{done} and gave up 2: none of its rows is rejected now"
    one = sentence("rows_repaired", {**facts, "loaded": 1, "rejected": 1})
    assert one == "run r2 loaded 1 corrected row of run r1: 1 of its rows is rejected still"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"taken": 0, "waiting": 1},
            f"1 not ready yet; {MATCHED}; 37 looks without change since 2026-03-29 01:00:00 UTC",
        ),
        (
            {"taken": 2, "waiting": 0, "held_back": 3, "passed_over": 4, "unchanged": 0},
            f"2 taken, 3 held back, as too many runs wait; {MATCHED}; 4 passed over",
        ),
    ],
)
def test_a_look_says_what_it_found(facts: dict[str, int], expected: str) -> None:
    told = {**OTHER, "every_seconds": 60, **facts}

    assert sentence("look_nothing_new", told) == f"looked (every 60 s): {expected}"


def test_a_decision_can_be_made_of_all_that_a_run_tells_of_files() -> None:
    told = NOTEWORTHY | {FileCode.PASSED_OVER}
    assert {DecisionCode(code.value) for code in told} <= set(DecisionCode)


@pytest.mark.parametrize("code", DecisionCode)
def test_every_decision_has_a_sentence_of_its_own(code: DecisionCode) -> None:
    text = sentence(code, {**GAP, **OTHER, "error": "no such zone"})

    assert not text.startswith(f"{code}, ")
    assert "{" not in text


def test_a_decision_of_a_newer_release_is_told_by_its_facts() -> None:
    assert sentence("eclipse", {"b": 2, "a": 1}) == "eclipse, a 1, b 2"
