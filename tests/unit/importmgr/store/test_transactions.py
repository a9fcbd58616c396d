from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from definitions.errors import StoreBusyError
from destinations import engine
from importmgr.store.projects import ProjectStore
from importmgr.store.tables import projects
from importmgr.store.transactions import is_postgresql, is_storable, reading, writing
from tests.engines import open_engine
from tests.stores import NOW, Stores


def test_an_error_undoes_the_whole_transaction(stores: Stores) -> None:
    def add_and_break() -> None:
        with writing(stores.engine) as transaction:
            transaction.execute(sa.insert(projects).values(token="a", name="A", created_at=NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_break()
    assert stores.projects.list() == []


def test_a_reader_does_not_wait_for_a_writer(stores: Stores) -> None:
    row = {"token": "a", "name": "A", "created_at": NOW}
    with writing(stores.engine) as transaction:
        transaction.execute(sa.insert(projects).values(row))
        assert stores.projects.list() == []


def test_a_database_that_is_away_is_busy() -> None:
    with (
        open_engine("postgresql+psycopg://nobody:geheim@127.0.0.1:1/none") as away,
        pytest.raises(StoreBusyError) as busy,
    ):
        ProjectStore(away).list()

    assert "geheim" not in str(busy.value)


def test_a_locked_file_is_busy(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.01)

    with (
        closing(sqlite3.connect(tmp_path / "importmgr.db", isolation_level=None)) as holder,
        open_engine(sqlite_url) as waiting,
    ):
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusyError, match="try again later"):
            ProjectStore(waiting).add("a", "A", NOW)


def test_it_knows_which_database_it_works_on(stores: Stores) -> None:
    with reading(stores.engine) as transaction:
        assert is_postgresql(transaction) == (stores.engine.dialect.name == "postgresql")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), ("Küche ✓ 🧺", True), ("\x01\ue000", True), ("a\0", False), ("\ud800", False)],
)
def test_text_that_no_database_holds_is_told_apart(text: str, expected: bool) -> None:
    assert is_storable(text) is expected
