from __future__ import annotations

from typing import Any

import pytest

from importmgr.client import Client, Patience
from tests.api_server import ApiServer
from tests.unit.importmgr.client.test_calls import run_document


@pytest.fixture
def client(api_server: ApiServer) -> Client:
    return Client(api_server.url, "k", "s", "prj", Patience(sleep=lambda _: None))


def dry_run(**changes: object) -> dict[str, Any]:
    return {"dry_run": {**run_document(**changes), "import_id": None, "report": {"warnings": []}}}


def test_dry_runs_are_started(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"run_id": "r1"})

    assert client.dry_runs.start("d1") == "r1"
    assert client.dry_runs.start_unsaved({"name": "N"}) == "r1"
    assert [(seen.path, seen.body) for seen in api_server.seen] == [
        ("/imports/v1/prj/d1/dry-run", None),
        ("/imports/v1/prj/dry-run", {"name": "N"}),
    ]


def test_a_dry_run_is_watched_to_its_end(api_server: ApiServer, client: Client) -> None:
    api_server.answer(dry_run(status="running"))
    api_server.answer(dry_run(status="completed"))

    looks = list(client.dry_runs.watch("r1"))

    assert [look.run.status for look in looks] == ["running", "completed"]
    assert (looks[-1].definition_id, looks[-1].report) == (None, {"warnings": []})
    assert api_server.seen[0].path == "/imports/v1/prj/dry-runs/r1"
