"""The policies of a schedule: what becomes of instants that are due."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.decisions import Decision, DecisionCode
from definitions.firing import MOST_INSTANTS, Due, FiringTerms, Plan, plan
from definitions.model import Missed, Overlap
from definitions.sentences import sentence
from tests.schedules import schedule

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
GRACE = timedelta(seconds=60)
DAILY = schedule("daily", (0, 0), zone="UTC")


def due(days: int = 1, unfinished: tuple[str, ...] = (), waiting: int = 0) -> Due:
    """Return a daily schedule whose last so many days are not decided at midnight."""
    return Due(
        schedule=DAILY,
        decided_until=MIDNIGHT - days * DAY,
        ran=frozenset(),
        unfinished=unfinished,
        waiting=waiting,
    )


def with_policies(
    given_due: Due, missed: Missed = Missed.LATEST, overlap: Overlap = Overlap.QUEUE
) -> Due:
    """Return the same with other policies."""
    return replace(given_due, schedule=replace(DAILY, missed=missed, overlap=overlap))


def made(of: Due, late: timedelta = SECOND, most_waiting: int = 100) -> Plan:
    """Return the plan so late after midnight."""
    numbers = itertools.count(1)
    terms = FiringTerms(
        grace=GRACE, most_waiting=most_waiting, new_id=lambda: f"new {next(numbers)}"
    )
    return plan(of, MIDNIGHT + late, terms)


def codes(of: Plan) -> list[str]:
    """Return the codes of the decisions, in order."""
    return [str(decision.code) for decision in of.decisions]


def told(decision: Decision) -> str:
    return sentence(decision.code, decision.facts)


def test_an_instant_on_time_gets_its_run() -> None:
    found = made(due())

    (run,) = found.runs
    assert (run.scheduled_for, run.late) == (MIDNIGHT, False)
    assert codes(found) == ["fired"]
    assert found.decisions[0].facts["run_id"] == run.id
    assert (found.decided_until, found.next_fire_at) == (MIDNIGHT + SECOND, MIDNIGHT + DAY)


@pytest.mark.parametrize(
    ("missed", "days", "fired"),
    [
        (Missed.LATEST, [0], ["missed", "missed", "fired_late"]),
        (Missed.ALL, [2, 1, 0], ["fired_late", "queued_behind", "queued_behind"]),
        (Missed.SKIP, [], ["missed", "missed", "missed"]),
    ],
)
def test_missed_instants_are_made_up_for_as_the_policy_says(
    missed: Missed, days: list[int], fired: list[str]
) -> None:
    found = made(with_policies(due(3), missed), late=GRACE + SECOND)

    assert [run.scheduled_for for run in found.runs] == [MIDNIGHT - day * DAY for day in days]
    assert all(run.late for run in found.runs)
    assert codes(found) == fired
    assert found.next_fire_at == MIDNIGHT + DAY


@pytest.mark.parametrize(("waiting", "runs"), [(0, ["r1"]), (100, [])])
def test_what_was_missed_names_the_run_that_makes_up_for_it(waiting: int, runs: list[str]) -> None:
    """Where the queue is full there is none."""
    behind = due(3, ("old",) if waiting else (), waiting=waiting)
    found = made(with_policies(behind, Missed.LATEST), late=GRACE + SECOND)

    ids = [run.id for run in found.runs]
    told = [each.facts["made_up_by"] for each in found.decisions if each.code == "missed"]
    assert len(ids) == len(runs)
    assert told == [ids[0] if ids else None] * 2
    what = f"run {ids[0]} makes up for it" if ids else "no run makes up for it"
    assert sentence("missed", found.decisions[0].facts).endswith(f"; {what}")


def test_of_what_fills_more_than_one_plan_no_run_is_named_too_early() -> None:
    found = made(with_policies(due(MOST_INSTANTS + 5), Missed.LATEST), late=GRACE + SECOND)

    assert codes(found) == ["missed"]
    assert "made_up_by" not in found.decisions[0].facts


@pytest.mark.parametrize("missed", [Missed.LATEST, Missed.SKIP])
def test_an_instant_on_time_makes_up_for_those_before_it(missed: Missed) -> None:
    found = made(with_policies(due(3), missed), late=GRACE)

    assert [(run.scheduled_for, run.late) for run in found.runs] == [(MIDNIGHT, False)]
    assert codes(found) == ["missed", "missed", "fired"]


@pytest.mark.parametrize(
    ("overlap", "runs", "cancelled", "code"),
    [
        (Overlap.QUEUE, 1, (), "queued_behind"),
        (Overlap.SKIP, 0, (), "skipped_overlap"),
        (Overlap.CANCEL_RUNNING, 1, ("old", "older"), "cancelled_running"),
    ],
)
def test_a_run_that_has_not_ended_is_dealt_with_as_the_policy_says(
    overlap: Overlap, runs: int, cancelled: tuple[str, ...], code: str
) -> None:
    found = made(with_policies(due(unfinished=("old", "older"), waiting=1), overlap=overlap))

    assert len(found.runs) == runs
    assert found.cancel == cancelled
    assert codes(found) == [code]
    assert found.decisions[0].facts["behind"] in {"old", "older"}
    assert ("old and 1 more, now cancelled" in sentence(code, found.decisions[0].facts)) == (
        overlap is Overlap.CANCEL_RUNNING
    )


def test_an_instant_behind_a_paused_run_names_it() -> None:
    stopped = replace(due(unfinished=("old",)), paused="old")

    for overlap in (Overlap.QUEUE, Overlap.SKIP):
        found = made(with_policies(stopped, overlap=overlap))
        assert found.decisions[0].facts["paused"] == "old"


@pytest.mark.parametrize("overlap", Overlap)
def test_without_a_run_in_the_way_every_policy_fires(overlap: Overlap) -> None:
    assert codes(made(with_policies(due(), overlap=overlap))) == ["fired"]


def test_policies_on_both_work_together() -> None:
    both = [
        codes(made(with_policies(due(3), Missed.ALL, overlap), late=GRACE + SECOND))
        for overlap in (Overlap.SKIP, Overlap.CANCEL_RUNNING)
    ]

    assert both == [
        ["fired_late", "skipped_overlap", "skipped_overlap"],
        ["superseded", "superseded", "fired_late"],
    ]


@pytest.mark.parametrize("missed", [Missed.LATEST, Missed.ALL])
@pytest.mark.parametrize("overlap", Overlap)
def test_what_becomes_of_a_missed_instant_tells_how_late_it_was(
    missed: Missed, overlap: Overlap
) -> None:
    behind = with_policies(due(2, ("old",), waiting=1), missed, overlap)

    found = made(behind, late=GRACE + SECOND)

    decided = [each for each in found.decisions if each.code is not DecisionCode.MISSED]
    days = (DAY, timedelta(0)) if missed is Missed.ALL else (timedelta(0),)
    assert [each.facts["late_seconds"] for each in decided] == [
        (day + GRACE + SECOND) // SECOND for day in days
    ]
    assert all("s late (no service was there at 00:00)" in told(each) for each in decided)


@pytest.mark.parametrize(
    ("delay", "expected"), [(4, "ran at 00:00"), (5, "ran at 00:00, 5 s late")]
)
def test_a_delay_that_is_no_lateness_yet_is_told(delay: int, expected: str) -> None:
    found = made(due(1), late=delay * SECOND)

    assert [told(each).split(": ", 1)[1] for each in found.decisions] == [expected]
    assert not found.runs[0].late


def test_no_more_runs_wait_than_may() -> None:
    behind = with_policies(due(3, ("old",), waiting=1), Missed.ALL)

    found = made(behind, most_waiting=2)

    assert codes(found) == ["queued_behind", "queue_full", "queue_full"]
    assert len(found.runs) == 1


def test_an_instant_that_has_a_run_already_gets_no_other() -> None:
    found = made(replace(due(), ran=frozenset({MIDNIGHT})))

    assert (found.runs, found.decisions) == ((), ())
    assert found.next_fire_at == MIDNIGHT + DAY


def test_the_end_of_a_schedule_is_told() -> None:
    last = replace(due(), schedule=replace(DAILY, to_date=MIDNIGHT))

    found = made(last)

    assert codes(found) == ["fired", "schedule_ended"]
    assert found.next_fire_at is None


def test_a_clock_that_was_set_back_fires_nothing_again() -> None:
    ahead = replace(due(), decided_until=MIDNIGHT + SECOND)

    found = made(ahead, late=-SECOND)

    assert (found.runs, found.decisions) == ((), ())
    assert (found.decided_until, found.next_fire_at) == (MIDNIGHT + SECOND, MIDNIGHT + DAY)


def test_years_of_silence_are_decided_piece_by_piece() -> None:
    years = due(MOST_INSTANTS + 2)

    first = made(years, late=DAY / 2)
    rest = made(replace(years, decided_until=first.decided_until), late=DAY / 2)

    assert first.runs == ()
    assert [each.facts["count"] for each in first.decisions] == [MOST_INSTANTS]
    assert first.next_fire_at == MIDNIGHT - DAY
    assert codes(rest) == ["missed", "fired_late"]


@given(
    days=st.integers(0, 20),
    late=st.integers(0, 100_000),
    missed=st.sampled_from(Missed),
    overlap=st.sampled_from(Overlap),
    unfinished=st.integers(0, 3),
)
def test_every_instant_is_decided_once(
    days: int, late: int, missed: Missed, overlap: Overlap, unfinished: int
) -> None:
    ids = tuple(f"old {number}" for number in range(unfinished))
    found = made(with_policies(due(days, ids), missed, overlap), late=timedelta(seconds=late))

    decided = [each.facts["scheduled_for"] for each in found.decisions]
    instants = [MIDNIGHT - day * DAY for day in range(days)]
    passed = [MIDNIGHT + DAY] if late >= DAY.total_seconds() else []
    assert sorted(decided) == sorted(each.isoformat() for each in [*instants, *passed])
    queued = {each.facts["run_id"] for each in found.decisions if "run_id" in each.facts}
    assert queued == {run.id for run in found.runs}
    assert DecisionCode.SCHEDULE_ENDED not in codes(found)
