"""Plans on PostgreSQL: what is staged is found by key, whatever the statistics believe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, TextClause

from destinations.bulk import postgresql
from destinations.engine import create_engine

pytestmark = pytest.mark.postgres

KNOWN, NEW = 1, 2  # a project or catalog that the statistics know, and one they do not
ROWS = 5_000

FILL = """
INSERT INTO customer_ids (project_id, id_type, id_value, customer_id)
SELECT :owner, 'email', 'p' || n, n FROM generate_series(1, :rows) n;
"""
FILL_ITEMS = """
INSERT INTO catalog_items (catalog_id, item_id, properties)
SELECT :owner, 'p' || n, '{}' FROM generate_series(1, :rows) n;
"""


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    """A transaction in which a load has begun that no statistics know of yet."""
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        for statement in (FILL, FILL_ITEMS):
            connection.execute(sa.text(statement), {"owner": KNOWN, "rows": ROWS})
        connection.exec_driver_sql("ANALYZE customer_ids, catalog_items")
        for statement in (FILL, FILL_ITEMS):
            connection.execute(sa.text(statement), {"owner": NEW, "rows": ROWS})
        keys = [f"p{number}" for number in range(ROWS)]
        ids = pl.DataFrame({"id_type": ["email"] * ROWS, "id_value": keys})
        items = pl.DataFrame({"item_id": keys, "properties": ["{}"] * ROWS})
        postgresql._stage(connection, "staged_ids", ids)
        postgresql._stage(connection, "staged_items", items)
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        (postgresql._KNOWN_IDS, "id_value"),
        (postgresql._ADD_ITEMS, "item_id"),
        (postgresql._MERGE_ITEMS, "item_id"),
        (postgresql._SET_ITEMS, "item_id"),
    ],
)
def test_each_staged_row_is_looked_up_by_its_key(
    connection: Connection, statement: TextClause, key: str
) -> None:
    values = {"project_id": NEW, "catalog_id": NEW}
    given = {name: values[name] for name in statement._bindparams}
    plan = "\n".join(connection.execute(sa.text(f"EXPLAIN {statement.text}"), given).scalars())

    assert re.search(rf"Index Cond: .*\b{key} = s\.{key}", plan), plan
    assert not re.search(r"Seq Scan on (customer_ids|catalog_items)", plan), plan
    assert "Materialize" not in plan, plan
