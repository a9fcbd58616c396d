"""The database fixtures that other tests build on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import MissingServerError, Programs, Server

PLAIN = "postgresql://"


@pytest.mark.postgres
def test_every_test_gets_an_empty_database_of_its_own(empty_postgres_url: str) -> None:
    with psycopg.connect(empty_postgres_url.replace("postgresql+psycopg://", PLAIN)) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()

    assert rows == [("only_here",)]


@pytest.mark.postgres
def test_the_packaged_programs_serve_too_and_leave_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "_system_folders", list[Path])
    try:
        programs = postgres.find_programs()
    except MissingServerError as exc:
        pytest.skip(str(exc))

    with Server(programs) as server:
        with psycopg.connect(server.conninfo("postgres")) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        folder = Path(row[0]).parent
        assert folder.exists()

    assert programs.packaged
    assert not folder.exists()


def test_a_chosen_folder_without_programs_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_BIN", str(tmp_path))

    with pytest.raises(MissingServerError, match="has no initdb and postgres"):
        postgres.find_programs()


def test_a_server_that_cannot_start_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(OSError, match="initdb"):
        Server(Programs(folder=tmp_path / "nowhere", packaged=False))

    assert list(tmp_path.iterdir()) == []
