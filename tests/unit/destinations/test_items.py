from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from definitions.errors import InvalidError, NotFoundError
from definitions.model import CatalogType
from destinations.cataloguing import Catalog, Field, NewCatalog, create_catalog
from destinations.items import ItemQuery, delete_item, delete_items, list_items
from destinations.live import ItemWrite, merge_item, put_item
from tests.loading import STARTED_AT

FIELDS = (
    Field(name="title", searchable=True),
    Field(name="text", searchable=True),
    Field(name="color", indexed=True),
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
    catalog = create_catalog(connection, new)
    for number, (title, color) in enumerate(
        [("Red Shoe", "red"), ("blue shoe, big", "blue"), ("Blue Hat", "blue")], 1
    ):
        properties = {"title": title, "color": color, "n": number}
        merge_item(connection, catalog, ItemWrite(item_id=str(number), properties=properties))
    return catalog


def found(connection: Connection, catalog: Catalog, query: ItemQuery) -> list[str]:
    page = list_items(connection, catalog, query, count=100, skip=0)
    assert page.matched == len(page.items)
    return [item.item_id for item in page.items]


def test_items_come_in_pages_in_the_order_of_their_ids(
    connection: Connection, catalog: Catalog
) -> None:
    page = list_items(connection, catalog, count=1, skip=1)

    assert [item.item_id for item in page.items] == ["2"]
    assert page.items[0].properties == {"title": "blue shoe, big", "color": "blue", "n": 2}
    assert (page.matched, page.total) == (3, 3)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("shoe", ["1", "2"]),
        ("BLUE", ["2", "3"]),
        ("shoe blue", ["2"]),
        ("sho", []),
        ("red hat", []),
        ("", []),
        ("?!", []),
    ],
)
def test_items_are_found_by_whole_words(
    connection: Connection, catalog: Catalog, words: str, ids: list[str]
) -> None:
    assert found(connection, catalog, ItemQuery(words=words)) == ids


def test_words_must_be_in_one_field(connection: Connection, catalog: Catalog) -> None:
    merge_item(connection, catalog, ItemWrite(item_id="1", properties={"text": "of leather"}))

    assert found(connection, catalog, ItemQuery(words="leather")) == ["1"]
    assert found(connection, catalog, ItemQuery(words="red leather")) == []


def test_items_are_found_by_the_value_of_an_indexed_field(
    connection: Connection, catalog: Catalog
) -> None:
    assert found(connection, catalog, ItemQuery(values={"color": "blue"})) == ["2", "3"]
    assert found(connection, catalog, ItemQuery(values={"color": "blue"}, words="hat")) == ["3"]


def test_only_indexed_fields_are_asked_by_value(connection: Connection, catalog: Catalog) -> None:
    with pytest.raises(InvalidError, match="n: is not an indexed field of this catalog"):
        found(connection, catalog, ItemQuery(values={"n": "1"}))


def test_put_replaces_and_merge_adds(connection: Connection, catalog: Catalog) -> None:
    put_item(connection, catalog, ItemWrite(item_id="1", properties={"a": 1}))
    put_item(connection, catalog, ItemWrite(item_id="1", properties={"b": 2}))
    merge_item(connection, catalog, ItemWrite(item_id="1", properties={"c": 3}))

    first = list_items(connection, catalog, count=1, skip=0).items[0]
    assert first.properties == {"b": 2, "c": 3}


def test_a_deleted_item_is_not_found_again(connection: Connection, catalog: Catalog) -> None:
    delete_item(connection, catalog, "2")

    assert found(connection, catalog, ItemQuery()) == ["1", "3"]
    with pytest.raises(NotFoundError, match="there is no item '2' in catalog 'Products'"):
        delete_item(connection, catalog, "2")


def test_all_items_go_at_once(connection: Connection, catalog: Catalog) -> None:
    assert delete_items(connection, catalog) == 3
    assert found(connection, catalog, ItemQuery()) == []


@pytest.mark.parametrize("strange", ["a\0b", "\ud800"])
def test_what_cannot_be_stored_is_just_not_found(
    connection: Connection, catalog: Catalog, strange: str
) -> None:
    assert found(connection, catalog, ItemQuery(words=strange)) == []
    assert found(connection, catalog, ItemQuery(values={"color": strange})) == []
    with pytest.raises(NotFoundError):
        delete_item(connection, catalog, strange)
    with pytest.raises(InvalidError):
        put_item(connection, catalog, ItemWrite(item_id=strange, properties={}))
