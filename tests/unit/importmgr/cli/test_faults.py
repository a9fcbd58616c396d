from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli


@pytest.fixture
def faults(api_server: ApiServer, run_document: dict[str, Any]) -> list[dict[str, Any]]:
    """Two faults that the server tells of."""
    [fault] = run_document["errors"]
    found = [fault, {**fault, "row": 5, "value": "=1+1"}]
    counts = [{"code": "not_a_number", "column": "age", "count": 2}]
    api_server.answer(
        {
            "faults": found,
            "total": 2,
            "counts": counts,
            "stored": 2,
            "held_back": 0,
            "errors_total": 3,
        }
    )
    return found


@pytest.mark.usefixtures("faults")
def test_faults_are_shown_by_kind_and_one_by_one(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    shown = cli("runs", "faults", "d1", "r1", "--code", "not_a_number", *access)

    lines = shown.out.splitlines()
    assert lines[0] == "3 faults, the first 2 stored"
    assert lines[3].split() == ["2", "not_a_number", "age"]
    assert "is not a number (row rejected)" in lines[-1]
    assert api_server.seen[1].path.endswith("&code=not_a_number")


@pytest.mark.usefixtures("faults")
def test_faults_as_csv_cannot_become_formulas(cli: Cli, access: list[str]) -> None:
    shown = cli("runs", "faults", "d1", "r1", "--csv", *access)

    assert shown.out.splitlines()[0].startswith("file,row,line,column,value,code")
    assert shown.out.splitlines()[2] == ("a.csv,5,4,age,'=1+1,not_a_number,is not a number,True")


def test_faults_come_as_json(cli: Cli, access: list[str], faults: list[dict[str, Any]]) -> None:
    assert json.loads(cli("runs", "faults", "d1", "r1", "--json", *access).out) == faults


def test_faults_that_a_brake_held_back_are_told_apart(
    cli: Cli, api_server: ApiServer, access: list[str], run_document: dict[str, Any]
) -> None:
    counts = [{"code": "not_a_number", "column": "age", "count": 1}]
    some = {"faults": run_document["errors"], "total": 1, "counts": counts, "stored": 1}
    api_server.answer({**some, "held_back": 1, "errors_total": 0})

    shown = cli("runs", "faults", "d1", "r1", *access)

    assert shown.out.splitlines()[0] == "0 faults, and 1 in rows that a brake held back"


def test_a_run_without_faults_says_so(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"faults": [], "total": 0, "counts": [], "stored": 0, "errors_total": 0})

    assert cli("runs", "faults", "d1", "r1", *access).out == "no faults\n"
