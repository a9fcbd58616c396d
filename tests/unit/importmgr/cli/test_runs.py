"""`importmgr runs`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli


def test_runs_are_listed(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    api_server.answer({"runs": [run_document] * 50, "total": 120})

    shown = cli("runs", "list", "d1", "--last", "3", *access)
    as_json = cli("runs", "list", "d1", "--json", *access)

    assert (
        shown.out.splitlines()[2:]
        == ["r1   completed  manual   2026-01-01 00:00:00    10         1       1"] * 3
    )
    assert json.loads(as_json.out) == [run_document] * 20
    assert len(api_server.seen) == 2


def test_runs_of_all_definitions_are_listed_and_narrowed(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    api_server.answer({"runs": [{**run_document, "import_id": "d7"}], "total": 1})
    api_server.answer({"runs": [], "total": 0})
    words = ("--status", "failed", "--since", "2026-03-27", "--rejecting", "--last", "5")

    shown = cli("runs", "list", *words, *access)
    nothing = cli("runs", "list", "--trigger", "schedule", *access)

    assert shown.out.splitlines()[2].startswith("d7          r1   completed")
    path, query = api_server.seen[0].path.split("?")
    assert path == "/imports/v1/prj/runs"
    assert set(query.split("&")) == {
        *("status=failed", "since=1774569600.0", "rejecting=true", "limit=5", "offset=0")
    }
    assert nothing.out == "no such runs\n"


def test_a_definition_without_runs_says_so(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"runs": [], "total": 0})

    assert cli("runs", "list", "d1", *access).out == "no runs yet\n"


def test_a_run_is_shown(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    api_server.answer({"run": run_document})

    assert "10 = 6 created" in cli("runs", "show", "d1", "r1", *access).out
    assert json.loads(cli("runs", "show", "d1", "r1", "--json", *access).out) == run_document


def test_a_run_is_watched_to_its_end(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    for status in ("running", "failed"):
        api_server.answer({"run": {**run_document, "status": status}})

    done = cli("runs", "watch", "d1", "r1", "--json", *access)

    assert done.code == 1
    assert json.loads(done.out)["status"] == "failed"
    assert done.err.splitlines() == [
        "run r1  running    10 of 10 rows",
        "run r1  failed     10 of 10 rows",
        (
            "run r1 failed: importmgr runs show d1 r1 tells each attempt, importmgr runs retry "
            "d1 r1 goes on where it stopped once that is put right"
        ),
    ]


@pytest.mark.parametrize("command", ["resume", "continue"])
def test_a_run_that_waits_for_somebody_is_not_watched_for_ever(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], command: str
) -> None:
    braked = {"text": "f has no rows"} if command == "continue" else None
    api_server.answer({"run": {**run_document, "status": "paused", "braked": braked}})

    done = cli("runs", "watch", "d1", "r1", *access)

    assert done.code == 4
    assert f"importmgr runs {command} d1 r1" in done.err
    assert "importmgr runs cancel d1 r1" in done.err


def test_who_wants_to_stays_while_a_run_is_paused(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    for status in ("paused", "completed"):
        api_server.answer({"run": {**run_document, "status": status}})

    assert cli("runs", "watch", "d1", "r1", "--wait", *access).code == 0


@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "retry", "continue"])
def test_a_run_is_told_what_to_do(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], command: str
) -> None:
    api_server.answer({"run": {**run_document, "status": "paused"}})

    assert cli("runs", command, "d1", "r1", *access).out == "run r1  paused, 10 rows read\n"
    assert api_server.seen[0].path == f"/imports/v1/prj/d1/runs/r1/{command}"


def test_a_run_is_repeated(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"success": True, "import_id": "d1", "run_id": "r2"})

    assert cli("runs", "rerun", "d1", "r1", *access).out == "r2\n"
