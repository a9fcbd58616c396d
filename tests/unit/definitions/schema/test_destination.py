"""The destination: BR21."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.schema import normalise
from tests.unit.definitions.documents import columns, document, problems

ITEMS = columns(id_mappings=[{"from_column": "sku", "to_id": "item_id"}])


def echo(destination: object) -> dict[str, Any]:
    """Return a destination as it is read back."""
    sent = document(destination=destination, mapping=ITEMS)
    found: dict[str, Any] = normalise(sent)["destination"]
    return found


def refused(destination: object) -> dict[str, list[str]]:
    """Return what is wrong with a destination."""
    return problems(document(destination=destination, mapping=ITEMS))


@pytest.mark.parametrize(
    ("destination", "found"),
    [
        ({}, "none"),
        ({"customer_destination": None}, "none"),
        (
            {"customer_destination": {}, "event_destination": {}},
            "customer_destination and event_destination",
        ),
    ],
)
def test_there_is_exactly_one(destination: object, found: str) -> None:
    """BR21."""
    [text] = refused(destination)["destination"]

    assert text == (
        "must have exactly one of customer_destination, event_destination, catalog_destination,"
        f" not {found}"
    )


def test_one_that_is_null_does_not_count() -> None:
    sent: dict[str, object] = {"customer_destination": {}, "event_destination": None}

    assert echo(sent) == {"customer_destination": {}}


@pytest.mark.parametrize("options", [{}, [], {"any": "thing"}])
def test_customers_have_no_options(options: object) -> None:
    """BR21."""
    assert echo({"customer_destination": options}) == {"customer_destination": {}}


@pytest.mark.parametrize("options", ["x", [1], 5])
def test_options_are_an_object(options: object) -> None:
    assert set(refused({"customer_destination": options})) == {"destination.customer_destination"}


def test_event_options_have_a_default() -> None:
    assert echo({"event_destination": {}}) == {"event_destination": {"event_triggers": False}}
    assert echo({"event_destination": {"event_type": "buy", "event_triggers": True}}) == {
        "event_destination": {"event_type": "buy", "event_triggers": True}
    }


def test_an_event_type_is_not_empty() -> None:
    assert refused({"event_destination": {"event_type": ""}}) == {
        "destination.event_destination.event_type": ["must not be empty"]
    }


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, "catalog_name"),
        ({"catalog_name": ""}, "catalog_name"),
        ({"catalog_name": "c", "catalog_attributes": {}}, "catalog_attributes.catalog_type"),
        (
            {"catalog_name": "c", "catalog_attributes": {"catalog_type": "other"}},
            "catalog_attributes.catalog_type",
        ),
    ],
)
def test_a_catalog_has_a_name_and_a_known_type(options: object, path: str) -> None:
    """BR21."""
    assert set(refused({"catalog_destination": options})) == {
        f"destination.catalog_destination.{path}"
    }


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        {"catalog_type": "variants"},
        {"catalog_type": "variants", "associated_product_catalog_id": "66f0"},
        {"catalog_type": "generic", "associated_product_catalog_id": None},
    ],
)
def test_catalog_attributes_are_read_back(attributes: object) -> None:
    """BR21."""
    sent = {"catalog_destination": {"catalog_name": "c", "catalog_attributes": attributes}}

    assert echo(sent) == sent
