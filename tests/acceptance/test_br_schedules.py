"""BR15 to BR18, further: when definitions fire, as the service tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.acceptance.documents import DAILY, Document, changed, people
from tests.service import ProjectAccess

SPRING = 1774695600  # 2026-03-28 12:00 in Prague; next night the clocks skip 02:00 to 03:00
AUTUMN = 1792836000  # 2026-10-24 12:00; next night they show 02:00 to 03:00 twice
YEAR = 31_536_000


def scheduled(**members: object) -> Document:
    """Return a definition with the daily schedule and other members."""
    return changed(people(), "trigger", {**DAILY, **members})


def next_runs(project: ProjectAccess, document: Document, **query: float) -> list[dict[str, Any]]:
    """Create a definition and return its next instants."""
    path = f"/imports/v1/{{t}}/{project.create(document)}/next-runs"
    answer = project.call("GET", path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    return list(answer.json()["next_runs"])


def test_br15_daily_times_survive_the_clocks(project: ProjectAccess) -> None:
    """BR15. In the gap at its end, repeated the first time only, all else as listed."""
    spring = next_runs(project, scheduled(), after=SPRING, count=2)
    autumn = next_runs(project, scheduled(), after=AUTUMN, count=2)

    assert spring == [
        {"at": 1774746000, "local": "2026-03-29T03:00:00+02:00", "note": "gap"},
        {"at": 1774830600, "local": "2026-03-30T02:30:00+02:00", "note": None},
    ]
    assert autumn == [
        {"at": 1792888200, "local": "2026-10-25T02:30:00+02:00", "note": "repeat"},
        {"at": 1792978200, "local": "2026-10-26T02:30:00+01:00", "note": None},
    ]


def test_br15_the_densest_schedule_fires_48_times_a_day(project: ProjectAccess) -> None:
    """BR15. 48 times a day, a thousand of them told in one answer."""
    times = [{"hour": n // 2, "minute": n % 2 * 30} for n in range(48)]

    found = next_runs(project, scheduled(times=times), after=1780272000, count=1000)

    instants = [each["at"] for each in found]
    assert instants == [1780272000 + 1800 * n for n in range(1, 1001)]


def test_br16_hourly_is_every_real_hour(project: ProjectAccess) -> None:
    """BR16. Neither skipped in spring nor doubled in autumn."""
    hourly = scheduled(frequency="hourly", minutes=[30], times=None)

    for start in (SPRING, AUTUMN):
        found = next_runs(project, hourly, after=start, count=30)
        assert [each["at"] for each in found] == [start + 1800 + 3600 * n for n in range(30)]


def test_br17_days_of_months_and_weeks(project: ProjectAccess) -> None:
    """BR17. Weekdays by name and number; a day that a month lacks is its last one."""
    monthly = scheduled(frequency="monthly", days=[31])
    weekly = scheduled(frequency="weekly", days=["Monday", 3])

    last_days = next_runs(project, monthly, after=1767225600, count=4)
    week = next_runs(project, weekly, after=1767225600, count=4)

    assert [(each["local"][:10], each["note"]) for each in last_days] == [
        ("2026-01-31", None),
        ("2026-02-28", "month_end"),
        ("2026-03-31", None),
        ("2026-04-30", "month_end"),
    ]
    assert [datetime.fromisoformat(each["local"]).weekday() for each in week] == [3, 0, 3, 0]


def test_br17_days_left_out_are_those_of_the_first_date(project: ProjectAccess) -> None:
    """BR17. Without days a weekly schedule fires on the weekday of from_date."""
    weekly = scheduled(frequency="weekly", days=None, from_date=1767225600)  # a Thursday

    found = next_runs(project, weekly, after=1767225600, count=2)

    assert [datetime.fromisoformat(each["local"]).weekday() for each in found] == [3, 3]


def test_br18_bounds_are_inclusive(project: ProjectAccess) -> None:
    """BR18. The first and the last instant may be the bounds themselves."""
    first, last = 1774830600, 1774917000

    found = next_runs(project, scheduled(from_date=first, to_date=last), after=0)

    assert [each["at"] for each in found] == [first, last]


def test_br18_a_schedule_that_can_never_fire_warns(project: ProjectAccess) -> None:
    """BR18. Both reasons are told when it is created; other definitions have no warning."""
    over = scheduled(from_date=1000, to_date=2000)
    empty = scheduled(from_date=4102444800, to_date=4102444801)

    warnings = [
        project.call("POST", "/imports/v1/{t}", json=document).json()["warnings"]
        for document in (over, empty, scheduled(), people())
    ]

    assert warnings[2:] == [[], []]
    assert "to_date 1970-01-01T00:33:20+00:00 has passed" in warnings[0][0]
    assert "none of its times lies between" in warnings[1][0]
    assert next_runs(project, over) == []


@pytest.mark.parametrize(
    "query", [{"count": 0}, {"count": 1001}, {"count": "x"}, {"after": "now"}, {"after": 1e15}]
)
def test_next_runs_refuses_what_it_cannot_answer(
    project: ProjectAccess, query: dict[str, object]
) -> None:
    """Nothing is bent: each wrong member of the query is named."""
    path = f"/imports/v1/{{t}}/{project.create(scheduled())}/next-runs"

    answer = project.call("GET", path, params=query)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(query)


def test_next_runs_of_inactive_and_unscheduled_definitions(project: ProjectAccess) -> None:
    """An inactive schedule is shown as if it were active, and says that it is not."""
    inactive = project.create({**scheduled(), "active": False})
    at_once = project.create(people())

    shown = project.call("GET", f"/imports/v1/{{t}}/{inactive}/next-runs").json()
    none = project.call("GET", f"/imports/v1/{{t}}/{at_once}/next-runs").json()

    assert (shown["active"], len(shown["next_runs"])) == (False, 20)
    assert (none["active"], none["next_runs"]) == (True, [])
    assert project.call("GET", "/imports/v1/{t}/nobody/next-runs").status_code == 404


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"missed": "all", "overlap": "skip"}, 200),
        ({"missed": "skip", "overlap": "cancel_running"}, 200),
        ({"missed": None, "overlap": None}, 200),
        ({"missed": "latest", "overlap": "queue"}, 200),
        ({"missed": "never"}, 400),
        ({"overlap": "wait"}, 400),
        ({"overlap": True}, 400),
    ],
)
def test_policies_of_a_schedule_are_checked_and_kept(
    project: ProjectAccess, members: Document, expected: int
) -> None:
    """What becomes of missed instants and of overlaps is ours, and optional."""
    answer = project.call("POST", "/imports/v1/{t}", json=scheduled(**members))

    assert answer.status_code == expected
    if expected == 200:
        path = f"/imports/v1/{{t}}/{answer.json()['import_id']}"
        read = project.call("GET", path).json()["import"]["import_definition"]["trigger"]
        assert {name: read[name] for name in members} == members


def test_a_schedule_is_switched_off_and_on(project: ProjectAccess) -> None:
    """Both are decisions that are told; reading the definition shows where it stands."""
    import_id = project.create(scheduled())
    path = f"/imports/v1/{{t}}/{import_id}"

    states = []
    for switch in ("deactivate", "activate"):
        assert project.call("POST", f"{path}/{switch}").json() == {"success": True}
        states.append(project.call("GET", path).json()["import"]["import_definition"]["active"])
    told = project.call("GET", f"{path}/decisions", params={"limit": 1}).json()

    assert states == [False, True]
    assert (told["total"], told["limit"], told["offset"]) == (2, 1, 0)
    assert told["decisions"][0]["code"] == "activated"
    assert told["decisions"][0]["text"].startswith("activated; fires next at ")
    later = {"since": told["decisions"][0]["at"] + 3600}
    assert project.call("GET", f"{path}/decisions", params=later).json()["decisions"] == []
    assert project.call("POST", "/imports/v1/{t}/nobody/activate").status_code == 404
