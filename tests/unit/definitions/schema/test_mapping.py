"""The mapping: BR22."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from definitions.schema import normalise
from tests.unit.definitions.documents import COLUMNS, columns, document, problems

PROPERTY = f"{COLUMNS}.property_mappings.0"


def echo(*mapped: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return property mappings as they are read back."""
    sent = document(mapping=columns(property_mappings=list(mapped)))
    found: list[dict[str, Any]] = normalise(sent)["mapping"]["column_mapping"]["property_mappings"]
    return found


def refused(mapped: object) -> dict[str, list[str]]:
    """Return what is wrong with a property mapping."""
    return problems(document(mapping=columns(property_mappings=[mapped])))


def test_type_is_another_name_of_target_type() -> None:
    """BR22."""
    assert echo({"to_column": "a", "type": "text"}) == [{"to_column": "a", "target_type": "text"}]
    assert echo({"to_column": "a", "type": "number", "target_type": "list"}) == [
        {"to_column": "a", "target_type": "list"}
    ]
    assert echo({"to_column": "a", "type": "number", "target_type": None}) == [
        {"to_column": "a", "target_type": "number"}
    ]


def test_nulls_of_optional_members_are_read_back() -> None:
    """BR22."""
    sent = {"from_column": None, "to_column": "a", "searchable": None, "indexed": None}

    assert echo(sent) == [sent | {"target_type": "string"}]


def test_an_unlisted_target_type_is_kept() -> None:
    assert echo({"to_column": "a", "target_type": "colour"})[0]["target_type"] == "colour"


@pytest.mark.parametrize(
    ("mapped", "path"),
    [
        ({}, f"{PROPERTY}.to_column"),
        ({"to_column": ""}, f"{PROPERTY}.to_column"),
        ({"to_column": "x" * 65_536}, f"{PROPERTY}.to_column"),
        ({"to_column": "a", "from_column": ""}, f"{PROPERTY}.from_column"),
        ({"to_column": "a", "target_type": ""}, f"{PROPERTY}.target_type"),
        ({"to_column": "a", "type": 5}, f"{PROPERTY}.target_type"),
        ({"to_column": "a", "searchable": "no"}, f"{PROPERTY}.searchable"),
        ({"to_column": "a", "indexed": True}, f"{PROPERTY}.indexed"),
        ("a", PROPERTY),
        (None, PROPERTY),
    ],
)
def test_a_property_mapping_is_checked(mapped: object, path: str) -> None:
    assert set(refused(mapped)) == {path}


@pytest.mark.parametrize("value", ["x", 0, False, 1.5, ["a", 1], {"a": None}])
def test_a_fixed_value_stands_in_for_a_column(value: object) -> None:
    sent = {"value": value, "to_column": "a", "target_type": "json"}

    assert echo(sent) == [sent]


def test_a_null_value_is_none() -> None:
    sent = {"from_column": "b", "value": None, "to_column": "a", "target_type": "string"}

    assert echo(sent) == [sent]


def test_a_property_has_a_column_or_a_fixed_value_not_both() -> None:
    assert refused({"from_column": "b", "value": "x", "to_column": "a"}) == {
        f"{PROPERTY}.value": [
            "must not be given together with from_column; drop one of the two; got 'x'"
        ]
    }


def test_a_fixed_value_must_fit_the_target_type() -> None:
    assert refused({"value": "1,5", "to_column": "a", "target_type": "number"}) == {
        f"{PROPERTY}.value": ["must become number, but '1,5' is not a number: use a decimal point"]
    }


def test_only_some_properties_may_be_fixed() -> None:
    fixed = [{"value": "x", "to_column": f"p{n}"} for n in range(201)]

    assert len(echo(*fixed[:200])) == 200
    assert problems(document(mapping=columns(property_mappings=fixed))) == {
        f"{COLUMNS}.property_mappings": ["must have at most 200 fixed values, not 201"]
    }


@pytest.mark.parametrize(
    ("mapped", "path"),
    [
        ({"to_id": "a"}, "from_column"),
        ({"from_column": "a"}, "to_id"),
        ({"from_column": "", "to_id": "a"}, "from_column"),
        ({"from_column": "a", "to_id": ""}, "to_id"),
        ({"from_column": "a", "to_id": "x" * 501}, "to_id"),
        ({"from_column": None, "to_id": "a"}, "from_column"),
    ],
)
def test_an_id_mapping_is_checked(mapped: object, path: str) -> None:
    sent = document(mapping=columns(id_mappings=[mapped]))

    assert set(problems(sent)) == {f"{COLUMNS}.id_mappings.0.{path}"}


@pytest.mark.parametrize("member", ["id_mappings", "property_mappings"])
@pytest.mark.parametrize("value", [None, {}, "x"])
def test_mappings_are_arrays(member: str, value: object) -> None:
    assert set(problems(document(mapping=columns(**{member: value})))) == {f"{COLUMNS}.{member}"}


@pytest.mark.parametrize("column", ["", 5, ["a"]])
def test_a_timestamp_column_is_the_name_of_a_column(column: object) -> None:
    sent = document(mapping=columns(timestamp_column=column))

    assert set(problems(sent)) == {f"{COLUMNS}.timestamp_column"}


def test_a_time_zone_must_exist() -> None:
    sent = document(mapping={"tz_info": "Europe/Pragu", **columns()})

    assert problems(sent) == {
        "mapping.tz_info": [
            (
                "must be an IANA time zone such as 'Europe/Prague', not 'Europe/Pragu'; "
                "did you mean 'Europe/Prague'?"
            )
        ]
    }
