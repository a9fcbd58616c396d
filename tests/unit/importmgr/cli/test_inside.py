"""The way from a local command to the inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.importmgr.cli.conftest import Cli


def test_an_embedded_database_is_made_when_there_is_none(cli: Cli, tmp_path: Path) -> None:
    assert cli("project", "list").code == 0
    assert (tmp_path / "data" / "importmgr.db").exists()


@pytest.mark.postgres
def test_a_database_server_is_never_changed_unasked(
    cli: Cli, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPORTMGR_DATABASE_URL", empty_postgres_url)

    done = cli("project", "list")

    assert done.code == 2
    assert "run `importmgr db upgrade`" in done.err


@pytest.mark.postgres
def test_local_commands_work_on_a_database_server(
    cli: Cli, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPORTMGR_DATABASE_URL", postgres_url)

    assert cli("project", "create", "Shop").code == 0
    assert "Shop" in cli("project", "list").out


def test_a_wrong_setting_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTMGR_PRT", "1")

    done = cli("project", "list")

    assert (done.code, done.err) == (
        2,
        "error: unknown setting IMPORTMGR_PRT: did you mean IMPORTMGR_PORT?\n",
    )
