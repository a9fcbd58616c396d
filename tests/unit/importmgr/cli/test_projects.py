"""`importmgr project`."""

from __future__ import annotations

import json
import re

import pytest

from tests.unit.importmgr.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("installed")


def test_a_project_is_created_and_listed(cli: Cli) -> None:
    made = cli("project", "create", "Shop")
    listed = cli("project", "list")

    assert re.fullmatch(r"[0-9a-f]{24}\n", made.out)
    assert listed.out.splitlines()[-1].startswith(made.out.strip())
    assert listed.out.endswith("Shop\n")


def test_a_project_is_told_as_json(cli: Cli) -> None:
    made = json.loads(cli("project", "create", "Shop", "--json").out)

    assert made["name"] == "Shop"
    assert json.loads(cli("project", "list", "--json").out) == [made]


def test_no_projects_says_what_to_do(cli: Cli) -> None:
    assert "project create NAME" in cli("project", "list").out
    assert json.loads(cli("project", "list", "--json").out) == []


def test_a_project_without_a_name_is_refused(cli: Cli) -> None:
    done = cli("project", "create", " ")

    assert done.code == 2
    assert done.err.startswith("error: name: must have 1 to 200 characters")


def test_how_many_runs_a_project_works_on_is_limited(cli: Cli) -> None:
    token = cli("project", "create", "Shop").out.strip()

    def limit_after(*words: str) -> int | None:
        assert cli("project", "limit", token, *words).code == 0
        [shown] = json.loads(cli("project", "list", "--json").out)
        assert isinstance(shown["max_running"], int | None)
        return shown["max_running"]

    assert limit_after("--running", "3") == 3
    assert limit_after("--default") is None
    assert cli("project", "limit", token).code == 2
    assert cli("project", "limit", token, "--running", "0").code == 2
    assert cli("project", "limit", "nowhere", "--default").code == 2
