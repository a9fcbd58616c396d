"""Catalogs and items as their owner changes and reads them."""

from __future__ import annotations

import pytest

from definitions.errors import InvalidError, NotFoundError
from definitions.model import CatalogType
from destinations.items import ItemQuery
from importmgr.services.catalogs import Catalogs
from tests.product import Product

TITLE = {"name": "title", "type": "string", "searchable": True, "indexed": False}
PRICE = {"name": "price", "type": "number", "searchable": False, "indexed": True}
ALL = (100, 0)


@pytest.fixture
def catalogs(product: Product) -> Catalogs:
    return product.services.catalogs


@pytest.fixture
def shoes(product: Product) -> str:
    project = product.project
    return product.services.catalogs.create(project, "Shoes", CatalogType.PRODUCT, [TITLE])


def names(product: Product, shoes: str) -> list[str]:
    """Return the ids of every item."""
    found = product.services.catalogs.items(product.project, shoes, ALL)
    return [item.item_id for item in found.items]


def test_a_catalog_is_read_as_it_was_made(product: Product, catalogs: Catalogs, shoes: str) -> None:
    view = catalogs.get(product.project, shoes)

    assert (view.id, view.name, view.is_product_catalog) == (shoes, "Shoes", True)
    assert [(field.name, field.searchable, field.indexed) for field in view.fields] == [
        ("title", True, False)
    ]


def test_catalogs_are_listed_page_by_page_oldest_first(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    caps = catalogs.create(product.project, "Caps", CatalogType.GENERIC, [])

    page = catalogs.list(product.project, 1, 1)

    assert [view.id for view in page.items] == [caps]
    assert page.total == 2
    assert catalogs.list(product.project, 1, 0).items[0].id == shoes


def test_a_name_is_taken_once(product: Product, catalogs: Catalogs, shoes: str) -> None:
    caps = catalogs.create(product.project, "Caps", CatalogType.GENERIC, [])

    for take in (
        lambda: catalogs.create(product.project, "Shoes", CatalogType.GENERIC, []),
        lambda: catalogs.replace(product.project, caps, "Shoes", []),
    ):
        with pytest.raises(InvalidError, match="a catalog 'Shoes' exists already"):
            take()
    assert catalogs.get(product.project, shoes).name == "Shoes"


def test_other_fields_and_another_name_leave_the_items(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    catalogs.put_item(product.project, shoes, "a", {"title": "Light shoe"})

    catalogs.replace(product.project, shoes, "Boots", [PRICE])

    view = catalogs.get(product.project, shoes)
    assert (view.name, [field.name for field in view.fields]) == ("Boots", ["price"])
    assert names(product, shoes) == ["a"]


def test_putting_replaces_and_merging_adds(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    catalogs.put_item(product.project, shoes, "a", {"title": "Light", "price": 1})
    catalogs.merge_item(product.project, shoes, "a", {"price": 2})
    (merged,) = catalogs.items(product.project, shoes, ALL).items
    catalogs.put_item(product.project, shoes, "a", {"price": 3})
    (put,) = catalogs.items(product.project, shoes, ALL).items

    assert (merged.catalog_id, merged.item_id) == (shoes, "a")
    assert merged.properties == {"title": "Light", "price": 2}
    assert put.properties == {"price": 3}


def test_items_are_found_counted_and_paged(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    for name, title in (("a", "Light shoe"), ("b", "Warm shoe"), ("c", "Cap")):
        catalogs.put_item(product.project, shoes, name, {"title": title})

    page = catalogs.items(product.project, shoes, (1, 1), ItemQuery(words="shoe"))

    assert [item.item_id for item in page.items] == ["b"]
    assert (page.matched, page.total) == (2, 3)


def test_items_are_removed_one_by_one_or_all(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    for name in ("a", "b", "c"):
        catalogs.put_item(product.project, shoes, name, {})

    catalogs.delete_item(product.project, shoes, "b")
    assert names(product, shoes) == ["a", "c"]

    catalogs.delete_items(product.project, shoes)
    assert names(product, shoes) == []


def test_a_deleted_catalog_is_gone_for_every_use(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    project = product.project
    catalogs.delete(project, shoes)

    for use in (
        lambda: catalogs.get(project, shoes),
        lambda: catalogs.delete(project, shoes),
        lambda: catalogs.replace(project, shoes, "x", []),
        lambda: catalogs.items(project, shoes, ALL),
        lambda: catalogs.delete_items(project, shoes),
        lambda: catalogs.put_item(project, shoes, "a", {}),
        lambda: catalogs.merge_item(project, shoes, "a", {}),
        lambda: catalogs.delete_item(project, shoes, "a"),
    ):
        with pytest.raises(NotFoundError, match=f"no catalog {shoes!r}"):
            use()


def test_a_catalog_of_another_project_is_not_found(
    product: Product, catalogs: Catalogs, shoes: str
) -> None:
    other = product.services.projects.create("Other")

    with pytest.raises(NotFoundError, match=f"no catalog {shoes!r}"):
        catalogs.get(other, shoes)
    assert catalogs.list(other, *ALL).total == 0
