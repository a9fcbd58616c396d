from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from definitions.schema.fields import DocumentSchema
from importmgr.api.fields import (
    EARLIEST,
    LATEST,
    CustomerIds,
    Instant,
    PropertyMap,
    QueryInstant,
    QueryWhole,
)


class Everything(DocumentSchema):
    """One of each kind."""

    count = QueryWhole(1, 50, 10, "how many")
    at = Instant("when")
    since = QueryInstant("from when")
    ids = CustomerIds()
    properties = PropertyMap("what")


GOOD: dict[str, Any] = {"ids": {"a": "x"}}
schema = Everything()


def problems(**members: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    with pytest.raises(ValidationError) as caught:
        schema.load({**GOOD, **members})
    return dict(caught.value.messages_dict)


def test_what_is_absent_has_its_default() -> None:
    assert schema.load(GOOD) == {
        "count": 10,
        "at": None,
        "since": None,
        "ids": {"a": "x"},
        "properties": {},
    }


@given(st.integers(1, 50))
def test_whole_numbers_of_a_query_are_texts(number: int) -> None:
    assert schema.load({**GOOD, "count": str(number)})["count"] == number


@pytest.mark.parametrize("text", ["", "0", "51", "-1", "1.0", "1_0", " 1", "٣", "1e1", "9" * 20])
def test_other_texts_are_no_whole_numbers_in_range(text: str) -> None:
    assert list(problems(count=text)) == ["count"]


@pytest.mark.parametrize("seconds", [0, -1.5, 1767225600.25, EARLIEST, LATEST, None])
def test_instants_are_seconds(seconds: float | None) -> None:
    assert schema.load({**GOOD, "at": seconds})["at"] == seconds


@pytest.mark.parametrize("value", ["1767225600", True, LATEST + 1, 1e300, [], float("inf")])
def test_nothing_else_is_an_instant(value: object) -> None:
    assert list(problems(at=value)) == ["at"]


def test_ids_are_texts_by_name() -> None:
    loaded = schema.load({"ids": {"a": "x", "b": 4711, "c": None}})

    assert loaded["ids"] == {"a": "x", "b": "4711"}


@pytest.mark.parametrize(
    "ids",
    [{}, {"a": None}, {"a": ""}, {"": "x"}, {"a": True}, {"a": 1.5}, {"a": {}}, [], "x", None],
)
def test_ids_that_identify_nobody_are_refused(ids: object) -> None:
    assert list(problems(ids=ids)) == ["ids"]


def test_every_wrong_id_is_named() -> None:
    assert set(problems(ids={"a": "", "b": [], "c": "x"})["ids"]) == {"a", "b"}


def test_properties_are_any_json_by_name() -> None:
    given_properties = {"a": None, "b": [1, {"c": "x"}]}

    assert schema.load({**GOOD, "properties": given_properties})["properties"] == given_properties
    assert problems(properties=[])["properties"] == ["must be an object, not an array"]


@pytest.mark.parametrize(
    "text", ["0", "1767225600", "1767225600.5", "1e9", "5e-324", str(EARLIEST), str(LATEST)]
)
def test_instants_of_a_query_are_texts(text: str) -> None:
    assert schema.load({**GOOD, "since": text})["since"].timestamp() == pytest.approx(float(text))


@pytest.mark.parametrize(
    "value", ["", "now", "1e999", "1.", "--1", "2026-03-29", 5, str(LATEST + 1)]
)
def test_other_texts_are_no_instants_of_a_query(value: object) -> None:
    assert list(problems(since=value)) == ["since"]
