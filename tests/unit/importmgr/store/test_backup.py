"""Copies are whole or not there, and what takes a database's place takes it at once."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from definitions.errors import PermanentError, RequestError
from importmgr.store import backup
from importmgr.store.migrate import head


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return Path(shutil.copy(migrated_sqlite, folder / "importmgr.db"))


def named(database: Path, name: str) -> sqlite3.Connection:
    """Give the database a project and return a connection that is still open."""
    connection = sqlite3.connect(database)
    row = (name, name, "2026-01-01 00:00:00")
    connection.execute("INSERT INTO projects (token, name, created_at) VALUES (?, ?, ?)", row)
    connection.commit()
    return connection


def names(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM projects ORDER BY id")]


def test_a_copy_holds_what_is_committed_and_nobody_waits_for_it(
    database: Path, tmp_path: Path
) -> None:
    with closing(named(database, "first")) as writer:
        writer.execute("UPDATE projects SET name = 'not committed'")
        backup.copy(database, tmp_path / "made.db")
        writer.commit()

    assert names(tmp_path / "made.db") == ["first"]
    assert names(database) == ["not committed"]
    assert backup.check(tmp_path / "made.db") == head()
    assert stat.S_IMODE((tmp_path / "made.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "made.db"]


def test_what_is_there_is_not_overwritten(database: Path, tmp_path: Path) -> None:
    (tmp_path / "made.db").write_text("precious")

    with pytest.raises(RequestError, match="exists already"):
        backup.copy(database, tmp_path / "made.db")

    assert (tmp_path / "made.db").read_text() == "precious"


def test_of_two_backups_to_one_file_the_first_is_whole_and_the_other_says_so(
    database: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    checked = backup.check

    def while_another_is_made(draft: Path) -> str:
        with patch.object(backup, "check", checked):
            backup.copy(database, target)
        return checked(draft)

    with (
        patch("importmgr.store.backup.os.getpid", side_effect=[1, 2]),
        patch.object(backup, "check", while_another_is_made),
        pytest.raises(RequestError, match="was made by another backup meanwhile"),
    ):
        backup.copy(database, target)
    assert backup.check(target) == head()
    assert not list(tmp_path.glob(".copy.db*"))


def test_a_folder_that_is_not_there_is_named(database: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="nowhere' cannot be used: No such file"):
        backup.copy(database, tmp_path / "nowhere" / "made.db")


def test_a_disk_without_room_is_told_beforehand(database: Path, tmp_path: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    full = patch.object(shutil, "disk_usage", return_value=usage._replace(free=10))

    with full, pytest.raises(RequestError, match=r"has 10 bytes free.*make room first"):
        backup.copy(database, tmp_path / "made.db")

    assert not (tmp_path / "made.db").exists()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        connection.execute("CREATE TABLE t (x)")

    with pytest.raises(PermanentError, match=r"text\.db' is no database"):
        backup.check(tmp_path / "text.db")
    with pytest.raises(PermanentError, match="not one of importmgr"):
        backup.check(tmp_path / "empty.db")


def test_a_damaged_copy_is_refused(database: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.db"
    backup.copy(database, made)
    damaged = bytearray(made.read_bytes())
    for page in range(2, len(damaged) // 4096):
        damaged[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    made.write_bytes(damaged)

    with pytest.raises(PermanentError, match=r"made\.db' is (damaged|no database).*another backup"):
        backup.check(made)


def test_the_old_database_is_kept_with_all_that_was_committed(
    database: Path, tmp_path: Path
) -> None:
    backup.copy(database, tmp_path / "made.db")
    named(database, "in the log only").close()
    kept = database.with_name("kept.db")

    staged = backup.stage(tmp_path / "made.db", database)
    backup.settle(staged)
    assert backup.put(staged, database, kept) is True

    assert names(database) == []
    assert names(kept) == ["in the log only"]
    assert sorted(path.name for path in database.parent.iterdir()) == ["importmgr.db", "kept.db"]


def test_a_database_that_cannot_be_opened_is_kept_too(database: Path, tmp_path: Path) -> None:
    backup.copy(database, tmp_path / "made.db")
    database.write_bytes(b"broken" * 1000)
    database.with_name("importmgr.db-wal").write_bytes(b"of the broken one")
    kept = database.with_name("kept.db")

    assert backup.put(backup.stage(tmp_path / "made.db", database), database, kept) is True

    assert names(database) == []
    assert kept.read_bytes() == b"broken" * 1000
    assert kept.with_name("kept.db-wal").read_bytes() == b"of the broken one"


def test_where_there_is_none_nothing_is_kept(database: Path, tmp_path: Path) -> None:
    backup.copy(database, tmp_path / "made.db")
    database.unlink()
    kept = database.with_name("kept.db")

    assert backup.put(backup.stage(tmp_path / "made.db", database), database, kept) is False

    assert not kept.exists()
    assert names(database) == []


def test_what_is_left_of_a_copy_is_removed(database: Path, tmp_path: Path) -> None:
    backup.copy(database, tmp_path / "made.db")
    staged = backup.stage(tmp_path / "made.db", database)
    staged.with_name(staged.name + "-wal").write_text("x")

    backup.discard(staged)

    assert [path.name for path in database.parent.iterdir()] == ["importmgr.db"]
