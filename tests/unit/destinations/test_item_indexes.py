from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.model import CatalogType
from destinations.catalogs import Catalogs
from destinations.cataloguing import Catalog, Field, NewCatalog, change_catalog, create_catalog
from destinations.item_indexes import IndexedFields, create_indexes, drop_indexes
from destinations.items import ItemQuery, list_items
from tests.loading import STARTED_AT, ItemRow, item_records

STRANGE = """it's 100% "quoted" :name ?"""
FIELDS = (
    Field(name="title", searchable=True),
    Field(name="text", searchable=True),
    Field(name="color", indexed=True),
    Field(name="price", indexed=True),
    Field(name=STRANGE, indexed=True, searchable=True),
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def catalog(connection: Connection) -> Catalog:
    new = NewCatalog(
        project_id=1,
        public_id="c" * 24,
        name="Products",
        type=CatalogType.PRODUCT,
        associated_catalog_id=None,
        fields=FIELDS,
        created_at=STARTED_AT,
    )
    return create_catalog(connection, new)


def write(connection: Connection, catalog: Catalog, *rows: ItemRow) -> None:
    Catalogs(catalog_id=catalog.id).write(connection, item_records(rows))


def found(connection: Connection, catalog: Catalog, query: ItemQuery) -> list[str]:
    page = list_items(connection, catalog, query, count=10, skip=0)
    return [item.item_id for item in page.items]


def test_indexes_may_be_made_and_dropped_again(connection: Connection, catalog: Catalog) -> None:
    fields = IndexedFields(by_value=frozenset({"color"}), by_words=frozenset({"title"}))

    create_indexes(connection, catalog.id, fields)
    for _ in range(2):
        drop_indexes(connection, catalog.id, fields)


def test_long_values_are_told_apart(connection: Connection, catalog: Catalog) -> None:
    long = "x" * 5000
    rows = [ItemRow(item_id=f"long {end}", properties={"color": long + end}) for end in "ab"]
    write(connection, catalog, *rows)

    assert found(connection, catalog, ItemQuery(values={"color": long + "b"})) == ["long b"]


def test_a_field_may_be_called_anything(connection: Connection, catalog: Catalog) -> None:
    """SQLite's own JSON paths cannot spell a double quote, so there it is not found."""
    write(connection, catalog, ItemRow(item_id="1", properties={STRANGE: "odd"}))

    expected = ["1"] if connection.dialect.name == "postgresql" else []
    assert found(connection, catalog, ItemQuery(values={STRANGE: "odd"})) == expected
    assert found(connection, catalog, ItemQuery(words="odd")) == expected


@pytest.mark.parametrize("name", ["$", "$x", "$.x", "[0]", "a.b", "0", "#-1", " "])
def test_no_name_is_taken_for_a_path(connection: Connection, catalog: Catalog, name: str) -> None:
    catalog = change_catalog(
        connection, catalog, name="x", fields=[Field(name=name, indexed=True, searchable=True)]
    )
    write(connection, catalog, ItemRow(item_id="1", properties={name: "odd", "x": "even"}))

    assert found(connection, catalog, ItemQuery(values={name: "odd"})) == ["1"]
    assert found(connection, catalog, ItemQuery(words="odd")) == ["1"]


def test_a_text_of_megabytes_may_be_searchable(connection: Connection, catalog: Catalog) -> None:
    """PostgreSQL's text search would refuse it; its beginning is searched."""
    long = " ".join(f"word{n}" for n in range(300_000))
    write(connection, catalog, ItemRow(item_id="1", properties={"text": long}))

    assert found(connection, catalog, ItemQuery(words="word7 word8")) == ["1"]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (ItemQuery(values={"color": "color 7"}), "value"),
        (ItemQuery(values={"price": "7.5"}), "value"),
        (ItemQuery(words="title7"), "words"),
    ],
)
def test_a_query_uses_the_index_of_its_field(
    connection: Connection, catalog: Catalog, query: ItemQuery, kind: str
) -> None:
    rows = [
        ItemRow(
            item_id=f"item {n}",
            properties={"title": f"title{n}", "color": f"color {n}", "price": n + 0.5},
        )
        for n in range(2000)
    ]
    write(connection, catalog, *rows)
    connection.execute(sa.text("ANALYZE catalog_items"))
    is_postgresql = connection.dialect.name == "postgresql"
    plans: list[str] = []

    @sa.event.listens_for(connection, "before_cursor_execute", retval=True)
    def explain(
        _: object,
        cursor: Any,  # noqa: ANN401 - the driver's own
        statement: str,
        parameters: object,
        *rest: object,  # noqa: ARG001
    ) -> tuple[str, object]:
        how = "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN"
        plans.append(str(cursor.execute(f"{how} {statement}", parameters).fetchall()))
        return statement, parameters

    assert found(connection, catalog, query) == ["item 7"]
    assert f"ix_catalog_{catalog.id}_{kind}" in plans[0]
    assert "Seq Scan" not in plans[0]


def test_the_order_of_items_is_that_of_their_key(connection: Connection, catalog: Catalog) -> None:
    """A page of a large catalog is read, not sorted."""
    rows = [ItemRow(item_id=f"item {n}") for n in range(5000)]
    write(connection, catalog, *rows)
    connection.execute(sa.text("ANALYZE catalog_items"))
    is_postgresql = connection.dialect.name == "postgresql"
    how = "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN"
    page = (
        f"{how} SELECT item_id, properties FROM catalog_items WHERE catalog_id = {catalog.id} "
        "ORDER BY item_id LIMIT 20 OFFSET 20"
    )

    plan = str(connection.execute(sa.text(page)).all())

    assert ("pk_catalog_items" if is_postgresql else "sqlite_autoindex_catalog_items") in plan
    assert "Sort" not in plan
    assert "B-TREE" not in plan
