"""Rules between destination and mapping: BR23, BR42."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.schema import normalise
from tests.unit.definitions.documents import COLUMNS, columns, document, problems

CATALOG = {"catalog_destination": {"catalog_name": "c"}}
ITEM = {"from_column": "sku", "to_column": "item_id"}
PROPERTIES = f"{COLUMNS}.property_mappings"


def catalog(*mapped: dict[str, Any], ids: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return a document that fills a catalog."""
    mapping = columns(id_mappings=ids or [], property_mappings=list(mapped))
    return document(destination=CATALOG, mapping=mapping)


def searchable(count: int) -> list[dict[str, Any]]:
    """Return that many searchable properties."""
    return [{"to_column": f"p{n}", "searchable": True} for n in range(count)]


@pytest.mark.parametrize("kind", ["customer_destination", "event_destination"])
def test_customers_and_events_need_an_id(kind: str) -> None:
    """BR23."""
    sent = document(destination={kind: {}}, mapping=columns(id_mappings=[]))

    assert problems(sent) == {
        f"{COLUMNS}.id_mappings": [
            f"must not be empty: a row needs an id to find its customer for {kind}"
        ]
    }


def test_the_item_id_comes_from_a_property_or_an_id() -> None:
    assert normalise(catalog(ITEM))
    assert normalise(catalog(ids=[{"from_column": "sku", "to_id": "item_id"}]))


def test_a_catalog_without_an_item_id_is_refused() -> None:
    sent = catalog({"to_column": "title"}, ids=[{"from_column": "sku", "to_id": "sku"}])

    assert problems(sent) == {
        PROPERTIES: ["must map a column to 'item_id', which identifies catalog items"]
    }


def test_an_item_id_is_never_fixed() -> None:
    sent = catalog({"value": "1", "to_column": "item_id"})

    assert set(problems(sent)) == {f"{PROPERTIES}.0.value"}


def test_a_catalog_has_at_most_20_searchable_properties() -> None:
    """BR42."""
    assert normalise(catalog(ITEM, *searchable(20)))
    assert problems(catalog(ITEM, *searchable(21))) == {
        PROPERTIES: ["must have at most 20 searchable ones, not 21"]
    }


def test_customers_may_have_more_searchable_properties() -> None:
    assert normalise(document(mapping=columns(property_mappings=searchable(21))))


def test_a_property_is_mapped_once() -> None:
    twice = [{"to_column": "a"}, {"to_column": "b"}, {"from_column": "x", "to_column": "a"}]

    assert problems(document(mapping=columns(property_mappings=twice))) == {
        f"{PROPERTIES}.2.to_column": [f"repeats {PROPERTIES}.0.to_column; map each property once"]
    }


def test_the_place_of_a_repeat_is_right_next_to_other_problems() -> None:
    mapped = [5, {"to_column": "a"}, {}, {"to_column": "a"}]

    assert set(problems(document(mapping=columns(property_mappings=mapped)))) == {
        f"{PROPERTIES}.0",
        f"{PROPERTIES}.2.to_column",
        f"{PROPERTIES}.3.to_column",
    }


def test_several_columns_may_hold_one_id() -> None:
    ids = [{"from_column": name, "to_id": "email"} for name in ("mail", "mail2")]

    assert normalise(document(mapping=columns(id_mappings=ids)))


@pytest.mark.parametrize("value", ["junk", True, [1], {"a": 1}, 1e300])
@pytest.mark.parametrize("extra", [{}, {"target_type": "timestamp"}])
def test_a_fixed_update_time_must_be_one(value: object, extra: dict[str, str]) -> None:
    """Else every row would be written as if no time were known."""
    fixed = {"to_column": "update_timestamp", "value": value, **extra}
    found = problems(document(mapping=columns(property_mappings=[fixed])))

    [text] = found.pop(f"{PROPERTIES}.0.value")
    assert text.startswith("must become timestamp, but ")
    assert not found


@pytest.mark.parametrize("value", ["2024-01-31T10:15:00", 1706696100.5, "1706696100"])
def test_a_fixed_update_time_may_be_any_timestamp(value: object) -> None:
    fixed = {"to_column": "update_timestamp", "value": value}
    assert normalise(document(mapping=columns(property_mappings=[fixed])))


def test_only_customers_have_an_update_time() -> None:
    fixed = {"to_column": "update_timestamp", "value": "junk"}
    sent = document(
        destination={"event_destination": {"event_type": "t"}},
        mapping=columns(property_mappings=[fixed]),
    )
    assert normalise(sent)
