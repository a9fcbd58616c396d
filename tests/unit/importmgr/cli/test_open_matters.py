"""What waits for a person, and the commands that lead on."""

from __future__ import annotations

from typing import Any

import pytest

from importmgr.cli.open_matters import open_matters, tell_what_is_open
from importmgr.client import Client, Decision, Run
from importmgr.client.values import run_of
from tests.api_server import ApiServer


@pytest.fixture
def client(api_server: ApiServer) -> Client:
    return Client(api_server.url, "k", "geheim", "prj")


def run(document: dict[str, Any], run_id: str = "r1", **changes: object) -> Run:
    """Return a run without rejected rows unless told."""
    return run_of({**document, "run_id": run_id, "braked": None, "rows_failed": 0, **changes})


def decision(code: str, at: float = 1774746000.0) -> Decision:
    return Decision(at=at, code=code, text=code, facts={})


def test_a_run_that_completed_closes_those_that_failed_before(run_document: dict[str, Any]) -> None:
    well, failed = run(run_document), run(run_document, "r0", status="failed")

    assert open_matters("d1", [well, failed]) == []
    assert "importmgr runs retry d1 r0 " in open_matters("d1", [failed, well])[0]
    repair = run(run_document, trigger="repair")
    assert len(open_matters("d1", [repair, failed])) == 1  # it made up for something else


def test_rejected_rows_wait_for_their_repair_in_the_run_they_are_of(
    run_document: dict[str, Any],
) -> None:
    rejecting = run(run_document, rows_failed=2)
    repair = run(run_document, "r2", rows_failed=2, trigger="repair")

    (told,) = open_matters("d1", [repair, rejecting])

    assert told.startswith("run r1 rejected 2 rows: importmgr runs faults d1 r1 tells why")
    assert "importmgr runs rejects d1 r1 -o bad.csv" in told
    assert "importmgr runs repair d1 r1 bad.csv" in told


def test_a_repair_that_failed_is_made_up_for_by_another_one(run_document: dict[str, Any]) -> None:
    failed = run(run_document, "r2", status="failed", trigger="repair")
    other = run(run_document, "r3", status="failed")
    repair = run(run_document, "r4", trigger="repair")

    (told,) = open_matters("d1", [failed])
    assert told.startswith("repair r2 failed: importmgr runs show d1 r2 tells why")
    assert "importmgr runs repair d1 RUN FILE" in told
    assert [each.split()[1] for each in open_matters("d1", [repair, failed, other])] == ["r3"]


def test_of_many_runs_the_last_ones_are_told_of(run_document: dict[str, Any]) -> None:
    found = [run(run_document, f"r{n}", rows_failed=1) for n in range(5)]

    told = open_matters("d1", found)

    assert len(told) == 4
    assert told[-1] == "2 older runs too: importmgr runs list d1"


@pytest.mark.parametrize("code", ["missed", "freshness_broken"])
def test_what_no_run_made_up_for_can_be_run_now(
    client: Client,
    api_server: ApiServer,
    run_document: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    code: str,
) -> None:
    later = {**run_document, "created": 1774746001.0, "status": "queued", "rows_failed": 0}
    for found in ([], [later]):
        api_server.answer({"runs": found, "total": len(found)})

    tell_what_is_open(client, "d1", [decision(code)])
    tell_what_is_open(client, "d1", [decision(code)])

    shown = capsys.readouterr().err
    assert shown == "importmgr definitions run d1 makes up for it now\n"


def test_a_storage_that_cannot_be_looked_at_can_be_tested(
    client: Client, api_server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {"source": {"source_type": "filestorage", "integration_id": "i1"}}
    row = {"import_id": "d1", "import_definition": document}
    for _ in range(2):
        api_server.answer({"runs": [], "total": 0})
        api_server.answer({"success": True, "import": row})
    api_server.answer({"runs": [], "total": 0})

    tell_what_is_open(client, "d1", [decision("looking_failed")])
    told = capsys.readouterr().err
    tell_what_is_open(client, "d1", [decision("looking_failed"), decision("looking_well")])

    assert told == "no look at the storage: importmgr integration test i1 asks it\n"
    assert capsys.readouterr().err == ""
