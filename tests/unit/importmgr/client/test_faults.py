from __future__ import annotations

from typing import Any

from importmgr.client import Client, FaultCount, FaultSummary
from tests.api_server import ApiServer

FAULT: dict[str, Any] = {
    "file": "a.csv",
    "row": 3,
    "line": 4,
    "column": "age",
    "value": "x",
    "code": "not_a_number",
    "message": "is not a number",
    "row_rejected": False,
}


def page(*faults: dict[str, Any], total: int = 0) -> dict[str, Any]:
    counts = [{"code": "not_a_number", "column": "age", "count": 2}]
    return {"faults": faults, "total": total, "counts": counts, "stored": 2, "errors_total": 7}


def test_faults_are_followed_page_by_page(api_server: ApiServer) -> None:
    client = Client(api_server.url, "k", "s", "prj")
    api_server.answer(page(FAULT, FAULT, total=1001))
    api_server.answer(page(FAULT | {"row": 9}, total=1001))

    rows = [fault.row for fault in client.faults.list("d1", "r1", column="age")]

    assert rows == [3, 3, 9]
    assert [seen.path for seen in api_server.seen] == [
        "/imports/v1/prj/d1/runs/r1/faults?limit=1000&offset=0&column=age",
        "/imports/v1/prj/d1/runs/r1/faults?limit=1000&offset=1000&column=age",
    ]


def test_faults_are_counted(api_server: ApiServer) -> None:
    api_server.answer(page())

    assert Client(api_server.url, "k", "s", "prj").faults.summary("d1", "r1") == FaultSummary(
        total=7,
        stored=2,
        held_back=0,
        counts=(FaultCount(code="not_a_number", column="age", count=2),),
    )
