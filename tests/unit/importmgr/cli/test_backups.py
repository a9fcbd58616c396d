"""`importmgr backup` and `importmgr restore`."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from contextlib import closing
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


def test_what_cannot_be_put_back_is_wrong_and_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    cli("project", "create", "Shop")
    made, others, key = tmp_path / "made.db", tmp_path / "others.db", tmp_path / "others.key"
    cli("backup", str(made))
    whole = made.read_bytes()
    (tmp_path / "cut.db").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.db").touch()
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE invoices (id)")
    shutil.copy(made, others)
    with closing(sqlite3.connect(others)) as changed:
        changed.execute("UPDATE alembic_version SET version_num = '9999'")
        changed.commit()
    key.write_bytes(base64.b64encode(bytes(32)))
    key.chmod(0o600)
    before = files_below(tmp_path / "data")
    refused = {
        "half of one": cli("restore", str(tmp_path / "cut.db"), "--force"),
        "not one of importmgr": cli("restore", str(tmp_path / "empty.db"), "--force"),
        "take another file": cli("restore", str(tmp_path / "foreign.db"), "--force"),
        "newer importmgr": cli("restore", str(others), "--force"),
        "another master key": cli("restore", str(made), "--force", "--key", str(key)),
        "no backup": cli("restore", str(tmp_path / "data"), "--force"),
    }

    assert {done.code for done in refused.values()} == {2}
    for reason, done in refused.items():
        assert reason in done.err
    assert files_below(tmp_path / "data") == before
    assert "Shop" in cli("project", "list").out


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, but for that of the lock."""
    names = {path.name for path in folder.iterdir()} - {"service.lock"}
    return {name: (folder / name).read_bytes() for name in names}


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_another_database_is_named(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("IMPORTMGR_DATABASE_URL", "postgresql://u:geheim@127.0.0.1:1/d")

    done = cli(command, str(tmp_path / "made.db"))

    assert done.code == 2
    assert "pg_dump" in done.err
    assert "geheim" not in done.err
