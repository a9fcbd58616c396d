from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from definitions.batches import Records
from definitions.errors import InvalidError
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from destinations.live import CustomerWrite, EventWrite, ItemWrite
from destinations.records import customer_record, event_record, item_record
from tests.unit.definitions.cases import CUSTOMERS, ITEMS, PURCHASES, batch, definition, prop


def test_a_record_has_the_columns_of_an_import() -> None:
    write = CustomerWrite(ids={"b": "2", "a": "1"}, properties={"z": 1, "é": [None]})

    records = customer_record(write)

    assert records.ids == ("b", "a")
    assert records.frame.to_dicts() == [
        {"row": 1, "properties": '{"z":1,"é":[null]}', "id.b": "2", "id.a": "1", "updated_at": None}
    ]


def test_an_event_keeps_its_place_in_the_request() -> None:
    [row] = event_record(
        EventWrite(ids={"a": "1"}, type="t", properties={}, row=7)
    ).frame.to_dicts()

    assert (row["row"], row["event_type"], row["timestamp"]) == (7, "t", None)


NAMES = ["b", "a", "é", "aa", "Z", "a b"]


@pytest.mark.parametrize(
    ("mapped", "live"),
    [
        (
            definition(CUSTOMERS, ids={"a": "k"}, properties=[*map(prop, NAMES)]),
            lambda written: customer_record(CustomerWrite(ids={"k": "1"}, properties=written)),
        ),
        (
            definition(PURCHASES, ids={"a": "k"}, properties=[*map(prop, NAMES)]),
            lambda written: event_record(
                EventWrite(ids={"k": "1"}, type="purchase", properties=written)
            ),
        ),
        (
            definition(ITEMS, ids={"a": "item_id"}, properties=[*map(prop, NAMES)]),
            lambda written: item_record(ItemWrite(item_id="1", properties=written)),
        ),
    ],
)
def test_properties_are_written_as_an_import_writes_them(
    mapped: ImportDefinition, live: Callable[[dict[str, str]], Records]
) -> None:
    cells = dict.fromkeys(NAMES, "1")
    compiled = compile_mapping(mapped, tuple(NAMES))
    imported = compiled.apply(batch(**{name: ["1"] for name in NAMES}), "a.csv").records

    assert live(cells).frame["properties"].item() == imported.frame["properties"].item()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ({}, "customer_ids: must hold at least one id"),
        ({"a": ""}, "customer_ids.a: must not be empty"),
        ({"a": " \t"}, "customer_ids.a: must not be empty"),
        ({"a": "x\0"}, "customer_ids.a: must not hold a NUL character"),
        ({"a": "\ud800"}, "customer_ids.a: must not hold half of a character"),
        ({"a": "é" * 300}, "customer_ids.a: must not be longer than 512 bytes"),
    ],
)
def test_ids_that_no_database_can_keep_are_refused(ids: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidError, match=message):
        customer_record(CustomerWrite(ids=ids, properties={}))


@pytest.mark.parametrize(
    "properties", [{"p": "a\0"}, {"p\0": 1}, {"p": [{"q": "\ud800"}]}, {"p": [["\0"]]}]
)
def test_properties_that_no_database_can_keep_are_refused(properties: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="properties: must not hold"):
        item_record(ItemWrite(item_id="1", properties=properties))


def test_events_and_items_need_their_key() -> None:
    with pytest.raises(InvalidError, match="event_type: must not be empty"):
        event_record(EventWrite(ids={"a": "1"}, type="", properties={}))
    with pytest.raises(InvalidError, match="item_id: must not be empty"):
        item_record(ItemWrite(item_id="", properties={}))
