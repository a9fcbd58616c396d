"""The OpenAPI description and the schemas say the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from definitions.errors import InvalidError
from definitions.schema import VARIANTS, ImportDefinitionSchema, normalise, openapi_schemas
from tests.unit.definitions.documents import columns, document, documents

ITEMS = columns(id_mappings=[{"from_column": "sku", "to_id": "item_id"}])
JUNK: list[object] = [None, True, -1, 0, 1, 31, 32, 1.5, 1e15, "", "x", "now", [], [1, 1], {}]
Path = tuple[str | int, ...]


def described() -> dict[str, Any]:
    """Return the description that an API makes from what the schemas offer."""
    spec = APISpec("imports", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    for name, variant in VARIANTS.items():
        spec.components.schema(name, schema=variant)
    for name, component in openapi_schemas().items():
        spec.components.schema(name, component)
    spec.components.schema("ImportDefinition", schema=ImportDefinitionSchema)
    return {**spec.to_dict(), "paths": {}}


SPEC = described()
SCHEMA = Draft202012Validator({"$ref": "#/components/schemas/ImportDefinition", **SPEC})


def accepted(sent: object) -> bool:
    """Tell whether a document can be normalised."""
    try:
        normalise(sent)
    except InvalidError:
        return False
    return True


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of everything inside a value."""
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        yield (*path, key)
        yield from places(member, (*path, key))


def replaced(sent: dict[str, Any], path: Path, junk: object) -> dict[str, Any]:
    """Return a copy of a document with something else at one place."""
    changed: Any = copy.deepcopy(sent)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    return dict(changed)


def removed(sent: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return a copy of a document without what is at one place."""
    changed: Any = copy.deepcopy(sent)
    place = changed
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return dict(changed)


def is_tolerated(path: Path, junk: object) -> bool:
    """Tell whether a change is one that is accepted without being documented."""
    return path[-1] == "customer_destination" and junk == []


def test_the_description_is_valid_openapi() -> None:
    validate(SPEC)


def test_every_reference_of_the_components_is_registered() -> None:
    names = set(SPEC["components"]["schemas"])

    assert set(VARIANTS) | set(openapi_schemas()) <= names
    assert {ref.rpartition("/")[2] for ref in references(SPEC)} <= names


def references(value: object) -> Iterator[str]:
    """Yield every `$ref` inside a value."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


@pytest.mark.parametrize("part", ["trigger", "source", "destination"])
def test_every_example_is_accepted_by_both(part: str) -> None:
    for sample in openapi_schemas()[part.title()]["examples"]:
        sent = document(mapping=ITEMS, **{part: sample})

        assert accepted(sent), sample
        assert SCHEMA.is_valid(sent), sample


@pytest.mark.parametrize("name", [*VARIANTS, "ImportDefinition"])
def test_every_example_of_a_field_is_accepted_by_the_field(name: str) -> None:
    schema = VARIANTS.get(name, ImportDefinitionSchema)()
    samples = {
        field: field.metadata["example"]
        for field in schema.fields.values()
        if "example" in field.metadata
    }

    assert all(field.deserialize(sample) == sample for field, sample in samples.items())


@given(sent=documents())
def test_what_is_sent_and_what_is_read_back_fits_the_description(sent: dict[str, Any]) -> None:
    assert [error.message for error in SCHEMA.iter_errors(sent)] == []
    assert [error.message for error in SCHEMA.iter_errors(normalise(sent))] == []


@given(sent=documents(), data=st.data())
def test_both_agree_on_a_document_with_junk_in_one_place(
    sent: dict[str, Any], data: st.DataObject
) -> None:
    """What the description refuses is refused, but for what is tolerated without being described.

    It cannot say everything: rules between parts, time zones and addresses may still refuse.
    """
    path = data.draw(st.sampled_from(list(places(sent))))
    junk = data.draw(st.sampled_from(JUNK))
    changed = replaced(sent, path, junk)

    if not is_tolerated(path, junk):
        assert SCHEMA.is_valid(changed) or not accepted(changed)


@given(sent=documents(), data=st.data())
def test_both_agree_on_a_document_with_something_missing(
    sent: dict[str, Any], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(places(sent))))
    changed = removed(sent, path)

    assert SCHEMA.is_valid(changed) or not accepted(changed)


def scheduled(**members: object) -> dict[str, Any]:
    """Return a document with a scheduled trigger."""
    base = {"trigger_type": "scheduled", "timezone": "UTC", "times": [{"hour": 1, "minute": 2}]}
    return document(trigger=base | members)


@pytest.mark.parametrize(
    ("sent", "valid"),
    [
        (scheduled(frequency="daily"), True),
        (scheduled(frequency="hourly"), False),
        (scheduled(frequency="hourly", minutes=[5], times=None), True),
        (scheduled(frequency="hourly", minutes=[5, 5]), False),
        (scheduled(frequency="daily", times=[]), False),
        (scheduled(frequency="weekly", days=["Monday"]), True),
        (scheduled(frequency="weekly", days=["someday"]), False),
        (scheduled(frequency="weekly", days=[7]), False),
        (scheduled(frequency="monthly", days=["monday"]), False),
        (scheduled(frequency="monthly", days=[31]), True),
        (scheduled(frequency="monthly", days=[3, 3]), False),
        (scheduled(frequency="daily", days=["x", 99]), True),
        (scheduled(), False),
        (document(trigger={"trigger_type": "sometimes"}), False),
        (document(destination={"customer_destination": {}, "event_destination": {}}), False),
        (document(destination={"customer_destination": {}, "event_destination": None}), True),
        (document(destination={"event_destination": {}, "catalog_destination": {}}), False),
        (document(destination={}), False),
        (document(source={"source_type": "url", "import_url": "ftp://x"}), False),
        (document(active=None), True),
    ],
)
def test_both_know_the_rules_of_the_shapes(sent: dict[str, Any], valid: bool) -> None:
    assert SCHEMA.is_valid(sent) is valid
    assert accepted(sent) is valid
