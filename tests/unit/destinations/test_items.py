from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
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
    Field(name="any", indexed=True),
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
    with pytest.raises(InvalidError, match=r"filter\[n\]: 'n' is no indexed field of this catalog"):
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


@pytest.mark.parametrize(
    ("value", "text", "others"),
    [
        (9.5, "9.5", ["9.50", "9"]),
        (9.50, "9.5", ["9.50"]),
        (100.0, "100", ["100.0", "1e2"]),
        (-7, "-7", ["7"]),
        (2**70, str(2**70), [str(2**70 + 1)]),
        (True, "true", ["1", "True"]),
        (False, "false", ["0"]),
        ("9.50", "9.50", ["9.5"]),
        ("null", "null", [""]),
        (None, None, ["null", "", "None"]),
        ([1, 2], None, ["[1,2]", "[1, 2]"]),
        ({"a": 1}, None, ['{"a":1}', '{"a": 1}']),
    ],
)
def test_values_of_every_kind_are_found_as_json_writes_them(
    connection: Connection, catalog: Catalog, value: object, text: str | None, others: list[str]
) -> None:
    merge_item(connection, catalog, ItemWrite(item_id="1", properties={"any": value}))

    if text is not None:
        assert found(connection, catalog, ItemQuery(values={"any": text})) == ["1"]
    for other in others:
        assert found(connection, catalog, ItemQuery(values={"any": other})) == []


def test_items_come_in_the_order_of_code_points(connection: Connection, catalog: Catalog) -> None:
    """Whatever the locale of the database, which would put "a" before "B" and skip the dash."""
    ids = ["B", "a", "a-c", "ab", "é", "Z", "-b", "10", "9"]
    delete_items(connection, catalog)
    for item_id in ids:
        merge_item(connection, catalog, ItemWrite(item_id=item_id, properties={}))

    assert found(connection, catalog, ItemQuery()) == sorted(ids)


def test_item_ids_are_trimmed_as_an_import_trims_them(
    connection: Connection, catalog: Catalog
) -> None:
    delete_items(connection, catalog)
    merge_item(connection, catalog, ItemWrite(item_id=" a\u3000", properties={"x": 1}))
    put_item(connection, catalog, ItemWrite(item_id="\ta", properties={"y": 2}))

    page = list_items(connection, catalog, count=9, skip=0)
    assert [(item.item_id, item.properties) for item in page.items] == [("a", {"y": 2})]
    delete_item(connection, catalog, "a ")
    assert found(connection, catalog, ItemQuery()) == []


def test_the_order_of_ids_is_the_column_s_own(connection: Connection) -> None:
    """The database's locale may be any; a test cannot choose it everywhere."""
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT collation_name FROM information_schema.columns WHERE column_name = 'item_id'"
        )
        assert connection.execute(sa.text(query)).scalar_one() == "C"
    else:
        assert connection.execute(sa.text("SELECT 'a' < 'B'")).scalar_one() == 0
