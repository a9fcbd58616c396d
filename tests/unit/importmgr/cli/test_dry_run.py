from __future__ import annotations

import json
from typing import Any

import pytest

from importmgr.api.dialects.bloomreach.dry_run_examples import DRY_RUN
from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli


@pytest.fixture
def document(api_server: ApiServer) -> dict[str, Any]:
    """A dry run that has ended, as the server answers it."""
    found: dict[str, Any] = json.loads(json.dumps(DRY_RUN["dry_run"]))
    column = {
        "name": "zip",
        "fill": 0.5,
        "distinct": None,
        "suggested_type": "string",
        "numbers": None,
        "times": None,
        "leading_zeros": 2,
        "plus_signs": 1,
        "date_order": None,
        "nul": 0,
    }
    found["report"]["files"][0]["columns"] = [column]
    api_server.answer({"run_id": found["run_id"]})
    api_server.answer({"dry_run": found})
    return found


@pytest.mark.usefixtures("document")
def test_a_dry_run_shows_what_would_happen(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    done = cli("definitions", "dry-run", "d1", *access)

    assert done.code == 0
    assert "a run would be paused: 1 of 2 rows rejected, more than 0 (max_rejected)" in done.out
    assert api_server.seen[0].path == "/imports/v1/prj/d1/dry-run"
    lines = done.out.splitlines()
    assert "nothing was written" in lines
    assert "no faults" not in lines
    assert '  row 1 (item_id 4711)  title: "Shirt" -> "Blue shirt"' in lines
    assert "  line 3: the row has no item id: fill 'item_id': ,Hat" in lines
    assert " ".join(done.out.split()).endswith(
        "zip 50% many string - - 2 cells with leading zeros, 1 cell with a plus sign"
    )


def test_a_document_can_be_tried(
    cli: Cli, api_server: ApiServer, access: list[str], document: dict[str, Any]
) -> None:
    done = cli("definitions", "dry-run", "-f", "-", "--json", *access, stdin='{"name": "N"}')

    assert json.loads(done.out) == document
    assert (api_server.seen[0].path, api_server.seen[0].body) == (
        "/imports/v1/prj/dry-run",
        {"name": "N"},
    )


def test_a_dry_run_is_called_off(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"run_id": "r9"})

    done = cli("definitions", "cancel-dry-run", "r9", *access)

    assert (done.code, done.out) == (0, "dry run r9 is cancelled\n")
    assert api_server.seen[0].path == "/imports/v1/prj/dry-runs/r9/cancel"


def test_whoever_goes_away_is_told_how_to_end_a_dry_run(
    cli: Cli, api_server: ApiServer, access: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importmgr.cli.dry_run.follow", interrupt)
    api_server.answer({"run_id": "r9"})

    done = cli("definitions", "dry-run", "d1", *access)

    assert done.code == 130
    assert "importmgr definitions cancel-dry-run r9 ends it" in done.err


@pytest.mark.parametrize("given", [(), ("d1", "-f", "-")])
def test_one_definition_is_meant(cli: Cli, access: list[str], given: tuple[str, ...]) -> None:
    done = cli("definitions", "dry-run", *given, *access, stdin="{}")

    assert done.code == 2
    assert "give either the id of a definition or -f FILE" in done.err


def test_a_dry_run_that_failed_says_why(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    failed = {**run_document, "status": "failed", "error": "no column 'mail'"}
    api_server.answer({"run_id": "r1"})
    api_server.answer({"dry_run": {**failed, "import_id": None, "report": None}})

    done = cli("definitions", "dry-run", "d1", *access)

    assert done.code == 1
    assert "no column 'mail'" in done.out
    assert "nothing was written" not in done.out
