"""Customers told of one by one, read, and forgotten."""

from __future__ import annotations

import pytest

from definitions.errors import NotFoundError
from importmgr.services.customers import Customers
from tests.product import Product

JANA = {"email_id": "jana@example.com"}


@pytest.fixture
def customers(product: Product) -> Customers:
    return product.services.customers


def test_a_customer_is_made_then_merged(product: Product, customers: Customers) -> None:
    customers.upsert(product.project, JANA, {"name": "Jana", "age": 40}, None)
    customers.upsert(product.project, {**JANA, "cookie": "c1"}, {"age": 41}, None)

    export = customers.export(product.project, {"cookie": "c1"})

    assert export.ids == {**JANA, "cookie": "c1"}
    assert export.properties == {"name": "Jana", "age": 41}
    assert customers.count(product.project) == 1


def test_older_news_do_not_overwrite_newer_ones(product: Product, customers: Customers) -> None:
    customers.upsert(product.project, JANA, {"city": "Brno"}, 200.0)
    customers.upsert(product.project, JANA, {"city": "Praha"}, 100.0)

    assert customers.export(product.project, JANA).properties == {"city": "Brno"}


def test_an_event_makes_its_customer_and_happens_now_unless_told(
    product: Product, customers: Customers
) -> None:
    customers.add_event(product.project, JANA, "visit", None, {"page": "/"})
    customers.add_event(product.project, JANA, "purchase", 100.5, {"total": 3})

    events = customers.export(product.project, JANA).events

    assert [(event.type, event.timestamp, event.properties) for event in events] == [
        ("purchase", 100.5, {"total": 3}),
        ("visit", product.clock.now().timestamp(), {"page": "/"}),
    ]


def test_two_equal_events_without_a_time_are_two(product: Product, customers: Customers) -> None:
    for _ in range(2):
        customers.add_event(product.project, JANA, "visit", None, {})

    assert len(customers.export(product.project, JANA).events) == 2


def test_several_ids_of_a_kind_are_a_list(product: Product, customers: Customers) -> None:
    customers.upsert(product.project, {**JANA, "cookie": "c1"}, {}, None)
    customers.upsert(product.project, {**JANA, "cookie": "c2"}, {}, None)

    ids = customers.export(product.project, JANA).ids

    assert ids["email_id"] == "jana@example.com"
    assert sorted(ids["cookie"]) == ["c1", "c2"]


def test_attributes_are_answered_one_by_one_in_their_order(
    product: Product, customers: Customers
) -> None:
    customers.upsert(product.project, JANA, {"name": "Jana"}, None)
    asked = [
        {"type": "property", "property": "name"},
        {"type": "property", "property": "shoe"},
        {"type": "id", "id": "email_id"},
        {"type": "segmentation", "id": "x"},
    ]

    answers = customers.attributes(product.project, JANA, asked)

    assert [answer["success"] for answer in answers] == [True, True, True, False]
    assert [answer.get("value") for answer in answers[:3]] == ["Jana", None, "jana@example.com"]
    assert answers[3]["errors"] == [
        "ask for a property by name or for an id by name, not for 'segmentation'"
    ]


def test_an_anonymised_customer_is_forgotten_with_the_events(
    product: Product, customers: Customers
) -> None:
    customers.add_event(product.project, JANA, "visit", None, {})

    customers.anonymize(product.project, [JANA, {"email_id": "nobody@example.com"}])

    with pytest.raises(NotFoundError):
        customers.export(product.project, JANA)


def test_a_customer_of_another_project_is_not_found(product: Product, customers: Customers) -> None:
    customers.upsert(product.project, JANA, {}, None)
    other = product.services.projects.create("Other")

    for ask in (
        lambda: customers.export(other, JANA),
        lambda: customers.attributes(other, JANA, []),
    ):
        with pytest.raises(NotFoundError):
            ask()
    assert customers.count(other) == 0
