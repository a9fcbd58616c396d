from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importmgr.api.blueprint import Blueprint, Docs, Door, flatten

DOCS = Docs(dialect="test", problems={400: {"description": "wrong"}}, names={})


@pytest.mark.parametrize(
    ("messages", "flat"),
    [
        (["Wrong."], {"body": ["wrong"]}),
        ({"a": ["Is required."]}, {"a": ["is required"]}),
        ({"a": {"b": {0: ["X"]}}}, {"a.b.0": ["x"]}),
        ({"a": {"_schema": ["X"], "b": ["Y"]}}, {"a": ["x"], "a.b": ["y"]}),
        ({"_schema": ["X"]}, {"body": ["x"]}),
        ({"a": {"k": {"value": ["X"], "key": ["Y"]}}}, {"a.k": ["x", "y"]}),
    ],
)
def test_messages_are_told_by_dotted_paths(messages: object, flat: dict[str, list[str]]) -> None:
    assert flatten(messages) == flat


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(), min_size=1), min_size=1))
def test_no_message_is_lost(messages: dict[str, list[str]]) -> None:
    told = flatten(messages)

    assert sum(map(len, told.values())) == sum(map(len, messages.values()))


def test_a_door_keeps_who_may_open_it() -> None:
    blueprint = Blueprint("things", "About things.", DOCS)

    @blueprint.door("GET /v2/things", "things.read", budget="reading")
    @blueprint.door("GET /v1/things", "things.read", budget="reading")
    def list_things() -> str:
        return "things"

    door = Door(permission="things.read", budget="reading")
    assert blueprint.doors == {"list_things": door, "list_things_2": door}
    assert list_things() == "things"


def test_problem_components_are_named_by_dialect_and_status() -> None:
    assert DOCS.name(404) == "Test404"
