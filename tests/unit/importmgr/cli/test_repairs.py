from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

FILE = {
    "file": 1,
    "name": "a.csv",
    "rejected": 3,
    "kept": 3,
    "repaired": 2,
    "discarded": 0,
    "open": 1,
    "masked": False,
}
REPAIR = {
    "run_id": "r2",
    "status": "completed",
    "created": 1767225600.0,
    "asked_by": "k1",
    "rows_processed": 5,
    "rows_loaded": 3,
    "rows_failed": 1,
    "rows_untouched": 1,
    "rows_skipped": 1,
    "rows_discarded": 0,
}
NONE: dict[str, Any] = {"runs": [], "total": 0}


@pytest.fixture
def corrected(tmp_path: Path) -> str:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"[1]")
    return str(path)


def test_a_repair_is_waited_for_and_what_is_left_is_told(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], corrected: str
) -> None:
    api_server.answer({"run_id": "r2"})
    api_server.answer(NONE)
    api_server.answer({"run": {**run_document, "run_id": "r2"}})
    api_server.answer({"files": [FILE]})

    done = cli("runs", "repair", "d1", "r1", corrected, "--file", "1", *access)

    assert done.code == 0
    assert "10 = 6 created" in done.out
    assert done.err.splitlines()[-1] == "a.csv: 1 row to correct"
    assert api_server.seen[0].path.endswith("/r1/rejects?file=1")


def test_nobody_has_to_wait(
    cli: Cli, api_server: ApiServer, access: list[str], corrected: str
) -> None:
    api_server.answer({"run_id": "r2"})

    assert cli("runs", "repair", "d1", "r1", corrected, "--no-wait", *access).out == "r2\n"


def test_a_repair_that_failed_is_exit_code_one(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], corrected: str
) -> None:
    api_server.answer({"run_id": "r2"})
    api_server.answer(NONE)
    api_server.answer({"run": {**run_document, "status": "failed", "error": "no '_row'"}})
    api_server.answer({"files": []})

    done = cli("runs", "repair", "d1", "r1", corrected, *access)

    assert done.code == 1
    assert "no '_row'" in done.out


def test_a_repair_that_somebody_paused_is_not_waited_for(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], corrected: str
) -> None:
    api_server.answer({"run_id": "r2"})
    paused = {**run_document, "run_id": "r2", "status": "paused", "braked": None}
    api_server.answer(NONE)
    api_server.answer({"run": paused})
    api_server.answer({"files": [FILE]})

    done = cli("runs", "repair", "d1", "r1", corrected, *access)

    assert done.code == 4
    assert "importmgr runs resume d1 r2 lets it go on" in done.err


def test_a_repair_behind_a_run_that_waits_for_somebody_is_not_waited_for(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], corrected: str
) -> None:
    braked = {"brake": "empty_file", "text": "no rows", "figures": {}}
    api_server.answer({"run_id": "r2"})
    held_up = {**run_document, "run_id": "r0", "status": "paused", "braked": braked}
    api_server.answer({"runs": [held_up], "total": 1})

    done = cli("runs", "repair", "d1", "r1", corrected, *access)

    assert done.code == 4
    assert "repair r2 is loaded once another run goes on or ends" in done.err
    assert "importmgr runs continue d1 r0 lets it go on" in done.err
    assert "status=paused" in api_server.seen[1].path


def test_repairs_are_listed(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"repairs": [REPAIR]})

    shown = cli("runs", "repairs", "d1", "r1", *access)
    as_json = cli("runs", "repairs", "d1", "r1", "--json", *access)

    assert shown.out.splitlines()[2].split()[-7:] == ["k1", "5", "3", "1", "1", "1", "0"]
    assert json.loads(as_json.out) == [REPAIR]


def test_when_all_is_corrected_that_is_said(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any], corrected: str
) -> None:
    api_server.answer({"run_id": "r2"})
    api_server.answer(NONE)
    api_server.answer({"run": {**run_document, "run_id": "r2"}})
    api_server.answer({"files": [{**FILE, "open": 0, "discarded": 1}]})

    done = cli("runs", "repair", "d1", "r1", corrected, *access)

    assert done.err.splitlines()[-1] == "a.csv: nothing to correct; 1 row given up"
