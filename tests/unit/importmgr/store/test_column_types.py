from __future__ import annotations

import pytest
import sqlalchemy as sa

from definitions.errors import SettingsError
from importmgr.store.migrate import check, upgrade
from tests.engines import open_engine


def change(url: str, *statements: str) -> None:
    with open_engine(url) as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.mark.postgres
def test_columns_that_were_changed_by_hand_are_named(empty_postgres_url: str) -> None:
    upgrade(empty_postgres_url)
    change(
        empty_postgres_url,
        "ALTER TABLE events ALTER timestamp TYPE timestamptz USING to_timestamp(timestamp)",
        "ALTER TABLE events ALTER row TYPE integer",
        "ALTER TABLE run_ledger DROP identity",
    )

    with pytest.raises(SettingsError) as caught:
        check(empty_postgres_url)

    assert str(caught.value) == (
        "the database was changed by hand: events.row is integer, not bigint, events.timestamp is "
        "timestamp with time zone, not double precision, run_ledger.identity is missing, not text; "
        "ALTER each column back to its type, or restore a backup"
    )


def test_columns_and_tables_of_somebody_else_do_not_matter(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    change(
        empty_database_url,
        "ALTER TABLE customers ADD COLUMN note TEXT",
        "CREATE TABLE notes (id INTEGER)",
    )

    check(empty_database_url)
