"""`importmgr definitions`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

DOCUMENT = {"name": "People", "trigger": {"trigger_type": "now"}}
ROW = {"import_id": "d1", "import_definition": DOCUMENT}


def test_definitions_are_listed(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    nightly = {
        "name": "CRM",
        "active": False,
        "trigger": {"trigger_type": "scheduled", "frequency": "weekly"},
    }
    stale = {**ROW, "import_id": "d3", "freshness": {"state": "broken"}}
    rows = [ROW, {"import_id": "d2", "import_definition": nightly}, stale]
    api_server.answer(rows, X_Total_Count="3")

    assert cli("definitions", "list", *access).out.splitlines()[2:] == [
        "d1  now                People",
        "d2  weekly (inactive)  CRM",
        "d3  now (not fresh)    People",
    ]
    assert json.loads(cli("definitions", "list", "--json", *access).out) == [ROW, rows[1], stale]


def test_no_definitions_says_what_to_do(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer([], X_Total_Count="0")

    assert "definitions create FILE" in cli("definitions", "list", *access).out
    assert json.loads(cli("definitions", "list", "--json", *access).out) == []


def test_what_show_prints_is_what_create_takes(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"success": True, "import": ROW})
    api_server.answer({"success": True, "import_id": "d2"})

    shown = cli("definitions", "show", "d1", *access)
    made = cli("definitions", "create", "-", *access, stdin=shown.out)

    assert made.out == "d2\n"
    assert api_server.seen[1].body == DOCUMENT


def test_a_definition_is_created_from_a_file(
    cli: Cli, api_server: ApiServer, access: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "people.json"
    file.write_text(json.dumps(DOCUMENT))
    api_server.answer({"success": True, "import_id": "d1"})

    done = cli("definitions", "create", str(file), "--json", *access)

    assert json.loads(done.out) == {"import_id": "d1", "warnings": []}
    assert api_server.seen[0].body == DOCUMENT


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_file_that_is_no_definition_is_not_sent(
    cli: Cli, api_server: ApiServer, access: list[str], text: str
) -> None:
    done = cli("definitions", "create", "-", *access, stdin=text)

    assert done.code == 2
    assert "JSON" in done.err
    assert api_server.seen == []


def test_a_missing_file_is_named(cli: Cli, access: list[str]) -> None:
    done = cli("definitions", "create", "/nowhere.json", *access)

    assert done.code == 2
    assert "'/nowhere.json': No such file or directory" in done.err


def test_every_problem_of_a_document_is_told_in_one_line(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    errors = {"name": ["is missing"], "mapping": ["is missing"]}
    api_server.answer({"success": False, "error": "x", "errors": errors}, 400)

    done = cli("definitions", "create", "-", *access, stdin="{}")

    assert (done.code, done.err) == (2, "error: name: is missing; mapping: is missing\n")


def test_a_definition_is_deleted(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"success": True})

    assert cli("definitions", "delete", "d1", *access).code == 0
    assert api_server.seen[0].method == "DELETE"


def test_a_run_is_queued(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"success": True, "import_id": "d1", "run_id": "r1"})

    assert cli("definitions", "run", "d1", *access).out == "r1\n"
    done = cli(
        "definitions", "run", "d1", "--from", "http://x/b.csv", "--unchecked", "--json", *access
    )

    assert json.loads(done.out) == {"import_id": "d1", "run_id": "r1"}
    assert api_server.seen[1].body == {"path": "http://x/b.csv", "test_connection": False}


@pytest.mark.parametrize("ending", [("completed", 0), ("failed", 1), ("cancelled", 1)])
def test_a_watched_run_gives_its_outcome_as_exit_code(
    cli: Cli,
    api_server: ApiServer,
    access: list[str],
    run_document: dict[str, Any],
    ending: tuple[str, int],
) -> None:
    status, code = ending
    api_server.answer({"success": True, "import_id": "d1", "run_id": "r1"})
    api_server.answer({"run": {**run_document, "status": status}})

    done = cli("definitions", "run", "d1", "--watch", *access)

    assert done.code == code
    assert f"run r1  {status}" in done.out


@pytest.mark.parametrize(("status", "code"), [(401, 2), (403, 2), (404, 2), (429, 3), (503, 3)])
def test_what_the_service_refuses_is_an_exit_code(
    cli: Cli, api_server: ApiServer, access: list[str], status: int, code: int
) -> None:
    api_server.refuse(status, "what the server says", Retry_After="3600")

    done = cli("definitions", "show", "d1", *access)

    assert (done.code, done.err) == (code, "error: what the server says\n")


def test_warnings_of_a_new_definition_are_shown_beside_its_id(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    made = {"success": True, "import_id": "d1", "warnings": ["trigger: never fires"]}
    api_server.answer(made)
    api_server.answer(made)

    done = cli("definitions", "create", "-", *access, stdin=json.dumps(DOCUMENT))
    as_json = cli("definitions", "create", "-", "--json", *access, stdin=json.dumps(DOCUMENT))

    assert (done.code, done.out, done.err) == (0, "d1\n", "warning: trigger: never fires\n")
    assert json.loads(as_json.out)["warnings"] == made["warnings"]


def test_next_runs_are_shown_with_what_is_special_about_them(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    rows = [
        {"at": 1774659600, "local": "2026-03-28T02:00:00+01:00", "note": None},
        {"at": 1774746000, "local": "2026-03-29T03:00:00+02:00", "note": "gap"},
    ]
    api_server.answer({"success": True, "active": True, "next_runs": rows})

    words = ("definitions", "next-runs", "d1", "--count", "2", "--after", "2026-03-28", *access)
    shown = cli(*words)

    assert api_server.seen[0].path.endswith("/d1/next-runs?count=2&after=1774656000.0")
    assert shown.out.splitlines()[2] == "2026-03-28 01:00:00  2026-03-28T02:00:00+01:00"
    assert "the clocks skip" in shown.out
    assert json.loads(cli(*words, "--json").out) == rows


def test_next_runs_of_a_definition_that_is_switched_off_say_so(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    row = {"at": 1774659600, "local": "2026-03-28T02:00:00+01:00", "note": None}
    api_server.answer({"success": True, "active": False, "next_runs": [row]})

    shown = cli("definitions", "next-runs", "d1", "--json", *access)

    assert json.loads(shown.out) == [row]
    assert shown.err == "the definition is inactive: it fires then only once it is activated\n"


def test_no_next_runs_says_so(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"success": True, "active": True, "next_runs": []})

    assert cli("definitions", "next-runs", "d1", *access).out == "no next runs\n"


def test_why_tells_decisions_in_the_order_of_time(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    rows = [
        {"at": 1774746000.0, "code": "fired", "text": "ran at 03:00", "facts": {}},
        {"at": 1774659600.0, "code": "missed", "text": "missed", "facts": {}},
    ]
    look = {"at": 1774746060.0, "code": "look_nothing_new", "text": "nothing new", "facts": {}}
    told = {"success": True, "decisions": rows, "last_look": look, "total": 2}
    for answer in (told, told, {"runs": [], "total": 0}, told, told):
        api_server.answer(answer)

    words = ("definitions", "why", "d1", "--since", "2026-03-28", *access)
    shown = cli(*words)

    assert shown.out.splitlines()[2:] == [
        "2026-03-28 01:00:00  missed",
        "2026-03-29 01:00:00  ran at 03:00",
        "2026-03-29 01:01:00  nothing new",
    ]
    assert "since=1774656000.0" in api_server.seen[0].path
    assert json.loads(cli(*words, "--json").out) == [*rows[::-1], look]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ((True, [1774746000]), "it fires next at 2026-03-29 01:00:00 UTC"),
        ((True, []), "its schedule has no further instant, so it never runs by itself"),
        ((False, []), "it is inactive: `importmgr definitions activate d1`"),
    ],
)
def test_without_decisions_why_says_what_comes_next(
    cli: Cli,
    api_server: ApiServer,
    access: list[str],
    schedule: tuple[bool, list[float]],
    expected: str,
) -> None:
    active, instants = schedule
    document = {"trigger": {"trigger_type": "scheduled"}, "active": active}
    row = {"import_id": "d1", "import_definition": document}
    coming = [{"at": at, "local": "", "note": None} for at in instants]
    for _ in ("decisions", "last_look"):
        api_server.answer({"success": True, "decisions": [], "last_look": None, "total": 0})
    api_server.answer({"success": True, "import": row})
    api_server.answer({"success": True, "next_runs": coming, "active": active})

    shown = cli("definitions", "why", "d1", *access)

    assert shown.out == f"nothing to explain; {expected}\n"


def test_a_definition_is_switched_on_and_off(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"success": True})

    assert cli("definitions", "deactivate", "d1", *access).out == "definition d1 is inactive\n"
    assert cli("definitions", "activate", "d1", *access).out == "definition d1 is active\n"
    assert [seen.path.rpartition("/")[2] for seen in api_server.seen] == ["deactivate", "activate"]
