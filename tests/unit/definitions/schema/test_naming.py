from __future__ import annotations

import pytest
from marshmallow import ValidationError

from definitions.schema.fields import DocumentSchema, Items, Part, Text, Variant, Whole
from definitions.schema.naming import is_secret
from definitions.schema.rules import one_of
from definitions.schema.source import AuthSchema, SourceField

SECRET = "correct horse battery staple"


class _Inner(DocumentSchema):
    hour = Whole()


class _Outer(DocumentSchema):
    word = Text(data_key="Word", validate=one_of(["a", "b"]))
    times = Items(Part(_Inner))
    words = Items(Text())
    auth = Part(AuthSchema)


def refused(document: dict[str, object]) -> object:
    """Return what is said of a document."""
    with pytest.raises(ValidationError) as caught:
        _Outer().load(document)
    return caught.value.messages


def test_values_are_named_at_every_depth() -> None:
    assert refused({"times": [{"hour": 1}, {"hour": "x"}], "words": ["a", 5]}) == {
        "times": {1: {"hour": ["must be a whole number, not a string; got 'x'"]}},
        "words": {1: ["must be a string, not a number; got 5"]},
    }


def test_a_value_is_found_by_the_name_that_a_document_has() -> None:
    assert refused({"Word": "c"}) == {"Word": ["must be one of a, b, not 'c'"]}


def test_what_stands_in_the_place_of_a_secret_is_not_named() -> None:
    assert refused({"auth": f"user:{SECRET}"}) == {"auth": ["must be an object, not a string"]}
    assert refused({"auth": {"username": "u", "password": 123_456}}) == {
        "auth": {"password": ["must be a string, not a number"]}
    }


@pytest.mark.parametrize(
    ("field", "secret"),
    [(Text(), False), (Items(Text()), False), (Part(AuthSchema), True), (SourceField(), True)],
)
def test_a_field_is_secret_if_anything_in_it_may_be(field: Text | Variant, *, secret: bool) -> None:
    assert is_secret(field) is secret
