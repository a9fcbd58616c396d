from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from destinations.tables import catalog_items, customers
from tests.loading import STARTED_AT


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (
            """UPDATE catalog_items SET properties = '[]' WHERE item_id = 'a'""",
            [None, 5, None],
        ),
        ("UPDATE catalog_items SET properties = '{}' WHERE catalog_id = 2", [5, 5, None]),
        ("UPDATE catalog_items SET properties = '{}', import_hash = 5", [None, None, None]),
        ("UPDATE catalog_items SET properties = '{}', import_hash = 6", [6, 6, 6]),
        ("UPDATE catalog_items SET import_hash = 7 WHERE item_id = 'b'", [5, 7, 5]),
    ],
)
def test_a_changed_item_keeps_no_hash_that_its_writer_did_not_bring(
    engine: Engine, change: str, left: list[int | None]
) -> None:
    with engine.begin() as connection:
        _fill(connection)
        connection.execute(sa.text(change))
        query = "SELECT import_hash FROM catalog_items ORDER BY catalog_id, item_id"
        assert connection.execute(sa.text(query)).scalars().all() == left


@pytest.mark.parametrize("column", ["properties", "written_at"])
def test_a_changed_customer_keeps_no_hash_that_its_writer_did_not_bring(
    engine: Engine, column: str
) -> None:
    with engine.begin() as connection:
        _fill(connection)
        connection.execute(sa.text(f"UPDATE customers SET {column} = '{{}}' WHERE id = 1"))
        query = "SELECT import_hash FROM customers ORDER BY id"
        assert connection.execute(sa.text(query)).scalars().all() == [None, 5]


def _fill(connection: Connection) -> None:
    items = [(1, "a"), (1, "b"), (2, "a")]
    rest: dict[str, object] = {"properties": {}, "import_hash": 5}
    rows = [{"catalog_id": catalog, "item_id": item, **rest} for catalog, item in items]
    connection.execute(sa.insert(catalog_items), rows)
    people = [{"id": n, "project_id": 1, "created_at": STARTED_AT, **rest} for n in (1, 2)]
    connection.execute(sa.insert(customers), people)
