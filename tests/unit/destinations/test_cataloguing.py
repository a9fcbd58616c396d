from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from definitions.errors import InvalidError, NotFoundError
from definitions.model import CatalogType
from destinations.cataloguing import (
    Field,
    NewCatalog,
    change_catalog,
    create_catalog,
    delete_catalog,
    ensure_catalog,
    get_catalog,
    list_catalogs,
)
from destinations.items import ItemQuery, list_items
from destinations.live import ItemWrite, merge_item
from tests.loading import STARTED_AT

TITLE = Field(name="title", searchable=True)
COLOR = Field(name="color", indexed=True)
NEW = NewCatalog(
    project_id=1,
    public_id="a" * 24,
    name="Products",
    type=CatalogType.PRODUCT,
    associated_catalog_id="b" * 24,
    fields=(TITLE, COLOR),
    created_at=STARTED_AT,
)
OTHER = replace(NEW, public_id="c" * 24, name="Others", fields=(TITLE,))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def indexes(connection: Connection, catalog_id: int) -> list[str]:
    table = "pg_indexes" if connection.dialect.name == "postgresql" else "sqlite_master"
    column = "indexname" if connection.dialect.name == "postgresql" else "name"
    names = connection.execute(sa.text(f"SELECT {column} FROM {table}")).scalars()
    start = f"ix_catalog_{catalog_id}_"
    return sorted(name.removeprefix(start)[:5] for name in names if name.startswith(start))


def test_a_catalog_comes_back_as_it_was_made(connection: Connection) -> None:
    made = create_catalog(connection, NEW)

    assert get_catalog(connection, 1, NEW.public_id) == made
    assert made.fields == NEW.fields
    assert made.created_at == STARTED_AT
    assert indexes(connection, made.id) == ["value", "words"]


def test_a_catalog_is_seen_in_its_project_only(connection: Connection) -> None:
    create_catalog(connection, NEW)

    with pytest.raises(NotFoundError, match=f"there is no catalog '{NEW.public_id}'"):
        get_catalog(connection, 2, NEW.public_id)
    assert list_catalogs(connection, 2, count=9, skip=0) == ([], 0)


@pytest.mark.parametrize("strange", ["zzz", "", "a\0b", "\ud800", "x" * 10_000])
def test_a_strange_id_is_just_not_found(connection: Connection, strange: str) -> None:
    with pytest.raises(NotFoundError):
        get_catalog(connection, 1, strange)


def test_who_changes_a_catalog_sees_what_others_changed(connection: Connection) -> None:
    old = create_catalog(connection, NEW)
    change_catalog(connection, old, name="Goods", fields=[COLOR])

    change_catalog(connection, old, name="Goods", fields=[])

    assert indexes(connection, old.id) == []


def test_catalogs_are_listed_in_pages_oldest_first(connection: Connection) -> None:
    made = [
        create_catalog(connection, replace(NEW, public_id=f"{n:024}", name=f"{n}", fields=()))
        for n in (3, 1, 2)
    ]

    assert list_catalogs(connection, 1, count=2, skip=1) == (made[1:], 3)


def test_a_name_is_taken_once_per_project(connection: Connection) -> None:
    create_catalog(connection, NEW)

    with pytest.raises(InvalidError, match="name: a catalog 'Products' exists already"):
        create_catalog(connection, replace(NEW, public_id="d" * 24))
    create_catalog(connection, replace(NEW, public_id="d" * 24, project_id=2))


def test_a_catalog_that_is_there_keeps_its_type_and_gets_the_fields_it_lacks(
    connection: Connection,
) -> None:
    made = ensure_catalog(connection, replace(NEW, fields=(TITLE,)))
    again = replace(
        NEW,
        public_id="d" * 24,
        type=CatalogType.GENERIC,
        fields=(replace(TITLE, searchable=False), COLOR),
    )

    ensured = ensure_catalog(connection, again)

    assert ensured == replace(made, fields=(TITLE, COLOR))
    assert ensured == get_catalog(connection, 1, NEW.public_id)
    assert indexes(connection, made.id) == ["value", "words"]


def test_indexes_follow_the_fields(connection: Connection) -> None:
    made = create_catalog(connection, NEW)

    changed = change_catalog(
        connection, made, name="Goods", fields=[COLOR, Field(name="size", indexed=True)]
    )

    assert changed == get_catalog(connection, 1, NEW.public_id)
    assert changed.name == "Goods"
    assert indexes(connection, made.id) == ["value", "value"]


def test_a_catalog_cannot_take_the_name_of_another(connection: Connection) -> None:
    create_catalog(connection, NEW)
    other = create_catalog(connection, OTHER)

    with pytest.raises(InvalidError, match="choose another name"):
        change_catalog(connection, other, name="Products", fields=())


def test_a_deleted_catalog_leaves_nothing_and_its_neighbours_alone(connection: Connection) -> None:
    made, other = create_catalog(connection, NEW), create_catalog(connection, OTHER)
    for catalog in (made, other):
        merge_item(connection, catalog, ItemWrite(item_id="1", properties={}))

    delete_catalog(connection, made)

    with pytest.raises(NotFoundError):
        get_catalog(connection, 1, NEW.public_id)
    assert list_items(connection, made, count=9, skip=0).total == 0
    assert indexes(connection, made.id) == []
    assert list_items(connection, other, count=9, skip=0).total == 1
    assert indexes(connection, other.id) == ["words"]


def test_a_deleted_catalog_takes_no_more_items(connection: Connection) -> None:
    made = create_catalog(connection, NEW)
    delete_catalog(connection, made)

    with pytest.raises(NotFoundError, match="the catalog was deleted"):
        merge_item(connection, made, ItemWrite(item_id="1", properties={}))


def test_two_who_ensure_the_same_catalog_get_the_same(engine: Engine) -> None:
    def ensure(number: int) -> int:
        with engine.begin() as connection:
            return ensure_catalog(connection, replace(NEW, public_id=f"{number:024}")).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ensure, range(8)))) == 1


def test_an_import_makes_fields_that_are_there_searchable_and_indexed(
    connection: Connection,
) -> None:
    """Others create the catalog first, without a thought for what imports will look up."""
    plain = (Field(name="title", type="long text"), COLOR, Field(name="size"))
    made = create_catalog(connection, replace(NEW, fields=plain))
    merge_item(connection, made, ItemWrite(item_id="1", properties={"title": "hat", "size": 5}))

    wanted = (TITLE, Field(name="color"), Field(name="size", type="number", indexed=True))
    found = ensure_catalog(connection, replace(NEW, public_id="d" * 24, fields=wanted))

    fields = (
        Field(name="title", type="long text", searchable=True),
        COLOR,
        Field(name="size", indexed=True),
    )
    assert found == get_catalog(connection, 1, NEW.public_id) == replace(made, fields=fields)
    assert indexes(connection, made.id) == ["value", "value", "words"]
    for query in (ItemQuery(words="hat"), ItemQuery(values={"size": "5"})):
        assert list_items(connection, found, query, count=9, skip=0).matched == 1
