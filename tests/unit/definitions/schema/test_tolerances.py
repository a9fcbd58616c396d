"""Shapes that are accepted although they are not the documented one: BR5, BR22."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.schema import normalise
from tests.unit.definitions.documents import COLUMNS, SMALLEST, columns, document, problems

NORMAL = normalise(SMALLEST)


@pytest.mark.parametrize(
    "sent",
    [
        {"import_definition": SMALLEST},
        {"import": {"import_id": "66f0c1d2e3a4b5c6d7e8f901", "import_definition": SMALLEST}},
        {"success": True, "import": {"import_id": "66f0", "import_definition": NORMAL}},
        {"import_id": "66f0c1d2e3a4b5c6d7e8f901", "import_definition": SMALLEST},
    ],
)
def test_what_reading_or_listing_gave_can_be_sent_as_it_is(sent: dict[str, Any]) -> None:
    """BR5."""
    assert normalise(sent) == NORMAL


def test_a_definition_with_a_stray_wrapper_key_is_itself() -> None:
    assert normalise(document(import_definition={"name": "other"})) == NORMAL


def test_an_empty_wrapper_misses_everything() -> None:
    assert set(problems({"import_definition": {}})) >= {"name", "trigger", "source"}


def moved(top: object, **placed: object) -> dict[str, Any]:
    """Return the normal column mapping of a document with two places for the timestamp column."""
    sent = document(timestamp_column=top, mapping=columns(**placed))
    found: dict[str, Any] = normalise(sent)["mapping"]["column_mapping"]
    return found


def test_a_timestamp_column_at_the_top_is_moved_to_its_place() -> None:
    assert moved("when")["timestamp_column"] == "when"
    assert moved("when", timestamp_column=None)["timestamp_column"] == "when"


def test_the_documented_place_of_the_timestamp_column_wins() -> None:
    assert moved("when", timestamp_column="then")["timestamp_column"] == "then"


@pytest.mark.parametrize("top", [None, "", 5, ["when"]])
def test_a_top_level_timestamp_column_that_is_no_text_is_dropped(top: object) -> None:
    """BR22."""
    assert "timestamp_column" not in moved(top)


def test_a_moved_timestamp_column_without_a_place_is_no_crash() -> None:
    assert problems(document(timestamp_column="when", mapping={})) == {COLUMNS: ["is required"]}
    assert set(problems(document(timestamp_column="when", mapping=[]))) == {"mapping"}


def test_the_body_of_a_shop_plugin_is_accepted() -> None:
    """BR22."""
    mapped = [
        {"from_column": "item_id", "to_column": "item_id", "type": "text", "indexed": None},
        {"from_column": "t", "to_column": "title", "target_type": "string", "searchable": False},
    ]
    sent = {
        "name": "Products",
        "trigger": {"trigger_type": "now"},
        "active": True,
        "source": SMALLEST["source"] | {"use_socks_proxy": False, "auth": None},
        "mapping": {"tz_info": "UTC", **columns(id_mappings=[], property_mappings=mapped)},
        "timestamp_column": None,
        "destination": {
            "catalog_destination": {
                "catalog_name": "Products Catalog",
                "catalog_attributes": {"catalog_type": "product"},
            }
        },
    }

    normal = normalise(sent)

    assert normal["source"]["auth"] is None
    assert normal["mapping"]["column_mapping"]["property_mappings"] == [
        {"from_column": "item_id", "to_column": "item_id", "target_type": "text", "indexed": None},
        mapped[1],
    ]
