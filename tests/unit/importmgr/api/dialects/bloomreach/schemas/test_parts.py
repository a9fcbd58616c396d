from __future__ import annotations

import pytest
from marshmallow import Schema, ValidationError

from importmgr.api.dialects.bloomreach.schemas.parts import (
    PageQuery,
    Success,
    TrackSuccess,
    count,
    epoch,
    our_id,
    told,
)


def test_a_page_has_its_defaults() -> None:
    assert PageQuery().load({}) == {"limit": 10, "offset": 0}


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "51"}, {"offset": "-1"}])
def test_pages_out_of_range_are_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        PageQuery().load(query)


def test_success_says_so_by_itself() -> None:
    assert Success().dump({}) == {"success": True}
    assert TrackSuccess().dump({}) == {"success": True, "errors": []}


def test_fields_of_answers_are_always_there() -> None:
    made = Schema.from_dict(
        {"a": told("a"), "b": our_id("b"), "c": count("c"), "d": epoch("d", allow_none=True)}
    )()

    assert all(field.required for field in made.fields.values())
    assert made.validate({"a": "x", "b": "y", "c": 1, "d": None}) == {}
    assert set(made.validate({"a": None, "b": None, "c": None, "d": None})) == {"a", "b", "c"}
