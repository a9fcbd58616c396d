"""How cells are written, as a definition says it."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.model import Notation, TargetType
from definitions.schema import normalise, to_definition
from definitions.schema.notation import OPTIONS
from tests.unit.definitions.documents import COLUMNS, columns, document, problems

PROPERTY = f"{COLUMNS}.property_mappings.0"


def mapped(**options: object) -> dict[str, Any]:
    """Return a document with one property."""
    return document(mapping=columns(property_mappings=[{"to_column": "a", **options}]))


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("number", {"decimal": ",", "thousands": "."}),
        ("number", {"thousands": "\u202f"}),
        ("date", {"format": "dd.MM.yyyy"}),
        ("datetime", {"format": "%m/%d/%Y %I:%M %p"}),
        ("timestamp", {"format": "%Y%m%d"}),
        ("list", {"separator": "|"}),
        ("list", {"separator": None, "decimal": None}),
    ],
)
def test_options_reach_the_model_and_are_read_back_as_they_were_sent(
    target: str, options: dict[str, Any]
) -> None:
    normal = normalise(mapped(target_type=target, **options))
    echo = normal["mapping"]["column_mapping"]["property_mappings"][0]

    assert echo == {"to_column": "a", "target_type": target, **options}
    assert to_definition(normal).mapping.properties[0].notation == Notation(**options)


@pytest.mark.parametrize("target", TargetType)
def test_an_option_is_for_some_types_and_refused_for_others(target: TargetType) -> None:
    values = {"decimal": ",", "thousands": " ", "format": "%d.%m.%Y", "separator": ";"}
    for name, value in values.items():
        sent = mapped(target_type=str(target), **{name: value})
        if target in OPTIONS[name]:
            assert normalise(sent)
        else:
            [(path, [text])] = problems(sent).items()
            assert path == f"{PROPERTY}.{name}"
            assert f", not {target}; got " in text


def test_a_refusal_names_the_types_an_option_is_for() -> None:
    assert problems(mapped(decimal=",")) == {
        f"{PROPERTY}.decimal": ["is for the target type number, not string; got ','"]
    }
    assert problems(mapped(type="number", format="%d.%m.%Y")) == {
        f"{PROPERTY}.format": [
            "is for the target type date, datetime or timestamp, not number; got '%d.%m.%Y'"
        ]
    }


@pytest.mark.parametrize(
    ("options", "name", "said"),
    [
        ({"decimal": ";"}, "decimal", "must be one of ',', '.', not ';'"),
        ({"decimal": 1}, "decimal", "must be a string, not a number"),
        ({"thousands": "-"}, "thousands", "must be one of ',' '.' ' ' \"'\" '_', not '-'"),
        ({"thousands": ""}, "thousands", "must be one of ',' '.' ' ' \"'\" '_', not ''"),
        ({"decimal": ",", "thousands": ","}, "thousands", "must not be the decimal mark ','"),
        ({"value": 5, "decimal": ","}, "decimal", "is for a column, not for a fixed value"),
    ],
)
def test_marks_of_numbers_are_checked(options: dict[str, Any], name: str, said: str) -> None:
    [(path, [text])] = problems(mapped(type="number", **options)).items()

    assert path == f"{PROPERTY}.{name}"
    assert said in text


@pytest.mark.parametrize(
    ("target", "form", "said"),
    [
        ("date", "%d.%m.%q", "must not have '%q'; use one of"),
        ("date", "%e.%m.%Y", "did you mean '%d'?"),
        ("date", "dd.MM", "must have a year"),
        ("date", "", "must not be empty"),
        ("date", "%d.%m.%Y %H:%M", "must not have a time of day for the target type date"),
        ("datetime", "%d" * 60, "must have at most 100 characters"),
    ],
)
def test_a_format_is_checked(target: str, form: str, said: str) -> None:
    found = problems(mapped(target_type=target, format=form))

    assert list(found) == [f"{PROPERTY}.format"]
    assert said in found[f"{PROPERTY}.format"][0]


@pytest.mark.parametrize("separator", ["", "[", "x" * 11])
def test_a_separator_is_checked(separator: str) -> None:
    assert set(problems(mapped(type="list", separator=separator))) == {f"{PROPERTY}.separator"}


def test_the_timestamp_column_has_its_own_format() -> None:
    sent = document(mapping=columns(timestamp_column="at", timestamp_format="dd.MM.yyyy HH:mm"))
    normal = normalise(sent)

    assert normal["mapping"]["column_mapping"]["timestamp_format"] == "dd.MM.yyyy HH:mm"
    assert to_definition(normal).mapping.timestamp_format == "dd.MM.yyyy HH:mm"


def test_a_timestamp_format_needs_its_column_and_must_be_one() -> None:
    path = f"{COLUMNS}.timestamp_format"

    assert problems(document(mapping=columns(timestamp_format="%d.%m.%Y"))) == {
        path: ["needs a timestamp_column, which is what it is about; got '%d.%m.%Y'"]
    }
    sent = document(mapping=columns(timestamp_column="at", timestamp_format="%Q"))
    assert set(problems(sent)) == {path}
