"""`importmgr db`."""

from __future__ import annotations

import pytest

from tests.unit.importmgr.cli.conftest import Cli


def test_a_database_is_upgraded_and_then_good(
    cli: Cli, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPORTMGR_DATABASE_URL", empty_database_url)

    before = cli("db", "check")
    upgraded = cli("db", "upgrade")
    after = cli("db", "check")

    assert before.code == 2
    assert "run `importmgr db upgrade`" in before.err
    assert (upgraded.code, after.code) == (0, 0)
    assert after.out == "the database is up to date\n"


def test_an_upgrade_of_a_good_database_changes_nothing(cli: Cli) -> None:
    assert cli("project", "create", "Shop").code == 0
    assert cli("db", "upgrade").code == 0
    assert "Shop" in cli("project", "list").out
