"""Pausing, resuming and cancelling runs of the real service."""

from __future__ import annotations

import time

import pytest
import requests

from tests.acceptance.documents import PEOPLE, people
from tests.file_server import FileServer, Silence
from tests.service import ProjectAccess, Service

NEVER = 3_600  # seconds: long after whoever waits for it was ended for hanging
PATIENCE = 60  # seconds
UNKNOWN = "66f0c1d2e3a4b5c6d7e8f901"


def tell(project: ProjectAccess, import_id: str, run_id: str, command: str) -> requests.Response:
    """Tell a run what to do."""
    return project.call("POST", f"/imports/v1/{{t}}/{import_id}/runs/{run_id}/{command}")


@pytest.fixture
def import_id(project: ProjectAccess, file_server: FileServer) -> str:
    """A definition whose one run waits for its source."""
    url = file_server.put("/people.csv", PEOPLE)
    file_server.script("/people.csv", Silence(seconds=NEVER))
    made = project.create(people(url))
    deadline = time.monotonic() + PATIENCE
    while project.runs(made)[0]["status"] != "starting":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return made


def test_a_run_is_paused_at_once_and_goes_on_when_told(
    project: ProjectAccess, import_id: str
) -> None:
    [run] = project.runs(import_id)
    paused = tell(project, import_id, run["run_id"], "pause")

    assert paused.status_code == 200, paused.text
    shown = paused.json()["run"]
    assert (shown["status"], shown["asked_by"]) == ("paused", project.auth[0])
    assert shown["paused"] >= run["created"]
    assert tell(project, import_id, run["run_id"], "pause").status_code == 409
    resumed = tell(project, import_id, run["run_id"], "resume").json()["run"]
    assert resumed["status"] in {"queued", "starting"}  # an executor may be that quick
    ended = project.finished(import_id)
    assert (ended["status"], ended["rows_processed"]) == ("completed", 2)


def test_a_run_is_cancelled_once(project: ProjectAccess, import_id: str) -> None:
    [run] = project.runs(import_id)

    first, second = (tell(project, import_id, run["run_id"], "cancel") for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 409)
    assert (first.json()["run"]["status"], first.json()["run"]["stop_reason"]) == (
        "cancelled",
        "user",
    )
    assert "run" in second.json()["error"]


def test_telling_a_run_asks_for_the_rights_of_starting_one(service: Service) -> None:
    project, reader = service.project(), service.project(["imports.read", "imports.list"])

    for command in ("pause", "resume", "cancel", "continue", "retry", "rerun"):
        statuses = [tell(one, UNKNOWN, UNKNOWN, command).status_code for one in (project, reader)]
        assert statuses == [404, 403]
