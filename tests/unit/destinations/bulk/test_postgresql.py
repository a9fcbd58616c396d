"""Plans on PostgreSQL: what a batch brings is found by key, whatever the statistics believe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, TextClause

from destinations.bulk.postgresql import customers, events, identities, items, reading_on
from destinations.bulk.postgresql.copying import array_text, stage
from tests.engines import open_engine

pytestmark = pytest.mark.postgres

KNOWN, NEW = 1, 2  # a project or catalog that the statistics know, and one they do not
ROWS = 5_000
TABLES = "customer_ids|catalog_items|customers|events"
FILL = (
    """
    INSERT INTO customer_ids (project_id, id_type, id_value, customer_id)
    SELECT :owner, 'email', 'p' || n, :owner * 10000 + n FROM generate_series(1, :rows) n
    """,
    """
    INSERT INTO customers (id, project_id, properties, created_at)
    SELECT :owner * 10000 + n, :owner, '{}', now() FROM generate_series(1, :rows) n
    """,
    """
    INSERT INTO catalog_items (catalog_id, item_id, properties)
    SELECT :owner, 'p' || n, '{}' FROM generate_series(1, :rows) n
    """,
    """
    INSERT INTO events (project_id, customer_id, type, timestamp, properties, fingerprint)
    SELECT :owner, :owner * 10000 + n, 'visit', n, '{}', '' FROM generate_series(1, :rows) n
    """,
)
KEYS = pl.Series([f"p{number}" for number in range(ROWS)])
NUMBERS = pl.Series(range(ROWS), dtype=pl.Int64)
GIVEN = {
    "project_id": NEW,
    "catalog_id": NEW,
    "id_type": "email",
    "after": "p1",
    "count": 1_000,
    "keys": array_text(KEYS),
    "kinds": array_text(pl.Series(["email"] * ROWS)),
    "hashes": array_text(NUMBERS),
    "customers": NUMBERS.to_list(),
    "numbers": array_text(NUMBERS),
    "times": NUMBERS.cast(pl.Float64).to_list(),
    "fingerprints": KEYS.cast(pl.Binary).to_list(),
    "bits": 255,
    "now": 0.0,
    "stamps": False,
}


@pytest.fixture(params=[False, True], ids=["before ANALYZE", "after ANALYZE"])
def connection(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[Connection]:
    """A transaction in which a load has begun."""
    with open_engine(postgres_url) as engine, engine.begin() as connection:
        for owner in (KNOWN, NEW):
            for statement in FILL:
                connection.execute(sa.text(statement), {"owner": owner, "rows": ROWS})
            if owner == KNOWN or request.param:
                connection.exec_driver_sql("ANALYZE")
        hashed = pl.DataFrame({"import_hash": NUMBERS, "properties": ["{}"] * ROWS})
        stage(connection, "staged_items", items.STAGED, hashed.with_columns(item_id=KEYS))
        people = hashed.with_columns(customer_id=NUMBERS, fresh=False, linked=False)
        timed = people.with_columns(updated_at=pl.lit(None))
        stage(connection, "staged_customers", customers.STAGED, timed)
        yield connection


@pytest.mark.parametrize(
    ("statement", "condition"),
    [
        (items.ANY_KNOWN, "item_id = s.key"),
        (items.NEW_OR_CHANGED_ITEMS, "item_id = s.key"),
        (items.MERGE_ITEMS, "item_id = s.item_id"),
        (items.SET_ITEMS, "item_id = s.item_id"),
        (identities.KNOWN_IDS, "id_value = s.key"),
        (reading_on.NEXT_IDS, "id_value > 'p1'"),
        (customers.CHANGED_CUSTOMERS, "id = s.key"),
        (customers.MERGE_CUSTOMERS, "id = s.customer_id"),
        (events.KNOWN_EVENTS, "fingerprint = s.fingerprint"),
    ],
)
def test_each_row_is_looked_up_by_its_key(
    connection: Connection, statement: TextClause, condition: str
) -> None:
    given = {name: GIVEN[name] for name in statement._bindparams}
    plan = "\n".join(connection.execute(sa.text(f"EXPLAIN {statement.text}"), given).scalars())

    assert re.search(rf"Index Cond: .*\b{condition}", plan), plan
    assert not re.search(rf"Seq Scan on ({TABLES})", plan), plan
    assert "Materialize" not in plan, plan


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
def test_nothing_but_the_blocks_that_are_asked_for_is_read(
    connection: Connection, mode: str
) -> None:
    statement = reading_on.IDS_OF_BLOCKS.text
    given = {":first": "'(0,0)'", ":behind": "'(1,0)'", ":project_id": "2", ":id_type": "'email'"}
    for number, name in enumerate(given, 1):
        statement = statement.replace(name, f"${number}")
    connection.exec_driver_sql(f"PREPARE of_blocks (text, text, bigint, text) AS {statement}")
    connection.exec_driver_sql(f"SET LOCAL plan_cache_mode = {mode}")

    asked = f"EXPLAIN EXECUTE of_blocks ({', '.join(given.values())})"
    plan = "\n".join(connection.exec_driver_sql(asked).scalars())
    connection.exec_driver_sql("DEALLOCATE of_blocks")

    assert "Tid Range Scan on customer_ids" in plan, plan
