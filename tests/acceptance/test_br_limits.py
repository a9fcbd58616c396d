"""BR36 and BR37: how often a project may call, and how much may be active."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.acceptance.documents import idle, people
from tests.service import ProjectAccess, Service

LIMITED = {"IMPORTMGR_RATE_LIMITS": "true"}


def mixed(project: ProjectAccess, ids: list[str]) -> list[tuple[int, str]]:
    """List, read and delete in turn, a hundred calls in all; return statuses and what is left."""
    calls = [("DELETE", f"/imports/v1/{{t}}/{ids.pop()}") for _ in range(3)]
    while len(calls) < 100:
        path = "/imports/v1/{t}" if len(calls) % 2 else f"/imports/v1/{{t}}/{ids[0]}"
        calls.append(("GET", path))
    answers = (project.call(*call) for call in calls)
    return [(one.status_code, one.headers["X-RateLimit-Remaining"]) for one in answers]


def test_br36_list_read_and_delete_share_a_budget(
    start_service: Callable[..., Service],
) -> None:
    """BR36. The 101st call within a minute is 429; creating and other projects are not touched."""
    service = start_service(**LIMITED)
    project, other = service.project(), service.project()
    ids = [project.create(idle(people())) for _ in range(4)]

    answers = mixed(project, ids)
    before = time.time()
    refused = project.call("GET", "/imports/v1/{t}")

    assert answers == [(200, str(left)) for left in range(99, -1, -1)]
    assert refused.status_code == 429
    assert refused.json()["success"] is False
    assert isinstance(refused.json()["error"], str)
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["X-RateLimit-Limit"] == "100"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert before < int(refused.headers["X-RateLimit-Reset"]) < time.time() + 62
    assert project.call("POST", "/imports/v1/{t}", json=idle(people())).status_code == 200
    assert project.call("GET", f"/imports/v1/{{t}}/{ids[0]}/runs").status_code == 200
    assert other.call("GET", "/imports/v1/{t}").status_code == 200


def test_br36_guessing_secrets_is_slowed_down(start_service: Callable[..., Service]) -> None:
    """BR36. After too many failed logins within a minute an address is told to wait."""
    service = start_service(**LIMITED, IMPORTMGR_FAILED_LOGINS_PER_MINUTE="5")
    project = service.project()
    stranger = ProjectAccess(url=project.url, token=project.token, auth=("x", "y"))

    failed = [stranger.call("GET", "/imports/v1/{t}").status_code for _ in range(5)]
    blocked = stranger.call("GET", "/imports/v1/{t}")

    assert failed == [401] * 5
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= 60


@pytest.mark.timeout(60)
def test_br37_at_most_25_definitions_are_active(project: ProjectAccess) -> None:
    """BR37. The twenty-sixth active definition is refused until one is deleted."""
    document = idle(people())
    ids = [project.create(document) for _ in range(25)]

    refused = project.call("POST", "/imports/v1/{t}", json=document)
    inactive = project.call("POST", "/imports/v1/{t}", json={**document, "active": False})
    project.call("DELETE", f"/imports/v1/{{t}}/{ids[3]}")
    again = project.call("POST", "/imports/v1/{t}", json=document)

    assert refused.status_code == 400
    assert "active" in refused.json()["errors"]
    assert (inactive.status_code, again.status_code) == (200, 200)


def test_at_most_some_runs_of_a_definition_wait(start_service: Callable[..., Service]) -> None:
    """Section 6: triggers queue up to the cap; then, and only then, 429 tells to come later."""
    service = start_service(IMPORTMGR_MAX_WAITING_RUNS="3", IMPORTMGR_EXECUTORS="0")
    project = service.project()
    path = f"/imports/v1/{{t}}/{project.create(idle(people()))}/run"
    body = {"test_connection": False}

    answers = [project.call("POST", path, json=body) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["Retry-After"]) > 0
