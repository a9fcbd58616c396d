from __future__ import annotations

import pytest
import sqlalchemy as sa

from definitions.errors import StoreBusyError
from importmgr.store.database import Database
from importmgr.store.tables import projects
from tests.engines import open_engine
from tests.stores import NOW, Stores


def test_what_is_written_in_one_transaction_can_be_read_in_the_next(stores: Stores) -> None:
    database = Database(stores.engine)

    with database.writing() as transaction:
        transaction.execute(sa.insert(projects).values(token="a", name="A", created_at=NOW))

    with database.reading() as transaction:
        assert transaction.execute(sa.select(projects.c.token)).scalars().all() == ["a"]


def test_a_database_that_answers_is_alive(stores: Stores) -> None:
    Database(stores.engine).ping()


def test_a_database_that_does_not_answer_says_so() -> None:
    with (
        open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none") as engine,
        pytest.raises(StoreBusyError, match="try again later"),
    ):
        Database(engine).ping()
