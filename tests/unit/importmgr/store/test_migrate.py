from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from definitions.errors import SettingsError
from importmgr.store.migrate import check, current, head, upgrade
from importmgr.store.tables import metadata
from tests.engines import open_engine


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    with open_engine(empty_database_url) as engine:
        yield engine


def test_the_migrations_make_what_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_the_migrated_tables_are_those_that_the_metadata_makes(
    empty: Engine, empty_database_url: str
) -> None:
    """Alembic compares no conditions of indexes, no kind of table and no trigger; here all are."""
    metadata.create_all(empty)
    expected = _schema(empty)
    metadata.drop_all(empty)

    upgrade(empty_database_url)

    assert _schema(empty) == expected


def test_an_upgraded_database_has_the_newest_schema(empty_database_url: str) -> None:
    assert current(empty_database_url) is None

    upgrade(empty_database_url)
    upgrade(empty_database_url)

    assert current(empty_database_url) == head()
    check(empty_database_url)


@pytest.mark.postgres
def test_services_that_start_together_migrate_once(empty_postgres_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, [empty_postgres_url] * 3))

    check(empty_postgres_url)


def test_a_database_without_tables_is_refused_with_the_command_to_run(
    empty_database_url: str,
) -> None:
    with pytest.raises(SettingsError, match=r"has schema none.*run `importmgr db upgrade`"):
        check(empty_database_url)


@pytest.mark.postgres
def test_tables_are_made_only_in_a_database_that_takes_every_text(latin_postgres_url: str) -> None:
    with pytest.raises(SettingsError, match=r"the encoding LATIN1.*ENCODING 'UTF8' TEMPLATE"):
        upgrade(latin_postgres_url)

    assert current(latin_postgres_url) is None


@pytest.mark.parametrize("refuse", [check, upgrade])
def test_a_newer_database_is_left_alone(
    engine: Engine, database_url: str, refuse: Callable[[str], None]
) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SettingsError, match="made by a newer importmgr"):
        refuse(database_url)


def test_a_failing_migration_leaves_nothing_behind(empty: Engine, empty_database_url: str) -> None:
    with empty.begin() as connection:
        connection.execute(sa.text("CREATE TABLE runs (id INTEGER)"))  # in the way

    with pytest.raises(Exception, match="refused"):
        upgrade(empty_database_url)

    assert sa.inspect(empty).get_table_names() == ["runs"]


def _schema(engine: Engine) -> list[str]:
    """Return every table and index in the words of the database itself, in a fixed order."""
    if engine.dialect.name == "sqlite":
        words = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    else:
        words = """
            SELECT indexdef FROM pg_indexes
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
            UNION ALL
            SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'alembic_version'
            UNION ALL
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'
            UNION ALL
            SELECT pg_get_triggerdef(t.oid) || ' ' || p.prosrc
            FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
        """
    with engine.connect() as connection:
        rows = connection.execute(sa.text(words)).scalars().all()
    return sorted(_unordered(row) for row in rows)


def _unordered(definition: str) -> str:
    """Return a definition whose parts stand in a fixed order."""
    parts = re.sub(r"[()]", " ", definition).split(",")
    return ", ".join(sorted(" ".join(part.split()) for part in parts))
