"""`importmgr backup` and `importmgr restore`."""

from __future__ import annotations

from pathlib import Path

import pytest

from importmgr.serve import alone
from importmgr.settings import Settings
from tests.unit.importmgr.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("installed")


def test_a_backup_says_where_it_is_and_what_it_lacks(cli: Cli, tmp_path: Path) -> None:
    cli("project", "create", "Shop")

    made = cli("backup", str(tmp_path / "made.db"))
    both = cli("backup", str(tmp_path / "both.db"), "--with-key")

    assert made.out.startswith(f"{tmp_path}/made.db (")
    assert made.err.startswith("the master key is not in it: keep a copy of the one in ")
    assert f"{tmp_path}/both.db.master.key (opens every secret" in both.out
    assert both.err == ""


def test_a_backup_is_put_back(cli: Cli, tmp_path: Path) -> None:
    cli("project", "create", "Shop")
    cli("backup", str(tmp_path / "made.db"))
    cli("project", "create", "Later")

    refused = cli("restore", str(tmp_path / "made.db"))
    done = cli("restore", str(tmp_path / "made.db"), "--force")

    assert refused.code == 2
    assert "--force" in refused.err
    assert done.out.startswith(f"restored {tmp_path}/made.db, made with schema ")
    assert "is kept as " in done.out
    assert "Later" not in cli("project", "list").out
    assert "backup.restored" in cli("audit", "all").out


def test_a_service_that_runs_is_not_pulled_away(cli: Cli, tmp_path: Path) -> None:
    cli("project", "create", "Shop")
    cli("backup", str(tmp_path / "made.db"))

    with alone(Settings(data_dir=tmp_path / "data")):
        refused = cli("restore", str(tmp_path / "made.db"), "--force")

    assert refused.code == 2
    assert "another importmgr works on the data folder" in refused.err


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_another_database_is_named(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("IMPORTMGR_DATABASE_URL", "postgresql://u:geheim@127.0.0.1:1/d")

    done = cli(command, str(tmp_path / "made.db"))

    assert done.code == 2
    assert "pg_dump" in done.err
    assert "geheim" not in done.err
