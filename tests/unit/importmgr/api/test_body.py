from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Request
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import InvalidError, RequestError, TooLargeError
from importmgr.api.body import MAX_DEPTH, read_object, read_optional_object

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


def request(body: bytes, limit: int = 1 << 20, **environ: object) -> Request:
    made = Flask(__name__).test_request_context(data=body, method="POST", environ_overrides=environ)
    made.request.max_content_length = limit
    return made.request


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_an_object_is_read_as_it_was_written_or_refused_for_its_nul(
    document: dict[str, Any],
) -> None:
    text = json.dumps(document)

    if "\\u0000" in text.replace("\\\\", ""):
        with pytest.raises(InvalidError, match="NUL"):
            read_object(request(text.encode()))
    else:
        assert read_object(request(text.encode())) == document


@given(st.binary(max_size=40))
def test_any_bytes_are_an_object_or_a_request_error(body: bytes) -> None:
    with suppress(RequestError):
        assert isinstance(read_object(request(body)), dict)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "the body is empty; send a JSON object"),
        (b" \n", "the body is empty; send a JSON object"),
        (b"[]", "the body must be a JSON object, not an array"),
        (b"null", "the body must be a JSON object, not null"),
        (b"true", "the body must be a JSON object, not true"),
        (b'"x"', "the body must be a JSON object, not a string"),
        (b"1", "the body must be a JSON object, not a number"),
        (b"1.5", "the body must be a JSON object, not a number with a fraction"),
    ],
)
def test_what_is_no_object_is_named(body: bytes, text: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_object(request(body))

    assert str(caught.value) == text


def test_a_broken_body_is_never_repeated() -> None:
    with pytest.raises(RequestError) as caught:
        read_object(request(b'{"password": "hidden'))

    assert "hidden" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert "line 1 column" in str(caught.value)


def test_every_nul_is_told_by_its_path() -> None:
    body = rb'{"a": {"b": ["x", "y\u0000"]}, "k\u0000": 1, "c": "\u0000"}'

    with pytest.raises(InvalidError) as caught:
        read_object(request(body))

    assert set(caught.value.problems) == {"a.b.1", "body", "c"}


@pytest.mark.parametrize(("depth", "fits"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_depth_has_a_limit(depth: int, fits: bool) -> None:
    inner = depth - 1
    body = b'{"a":' + b"[" * (inner - 1) + b"1" + b"]" * (inner - 1) + b"}"

    if fits:
        assert "a" in read_object(request(body))
    else:
        with pytest.raises(RequestError, match="nested deeper than 64 levels"):
            read_object(request(body))


def test_a_body_over_the_limit_is_too_large() -> None:
    with pytest.raises(TooLargeError, match="larger than 10 bytes"):
        read_object(request(b'{"a": "123456"}', limit=10))


def test_a_chunked_body_over_the_limit_is_too_large() -> None:
    environ = {
        "wsgi.input": BytesIO(b'{"a": "123456"}'),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "",
    }

    with pytest.raises(TooLargeError, match="larger than 10 bytes"):
        read_object(request(b"", limit=10, **environ))


def test_an_optional_object_may_be_left_out() -> None:
    assert read_optional_object(request(b"")) == {}
    assert read_optional_object(request(b'{"a": 1}')) == {"a": 1}
    with pytest.raises(RequestError):
        read_optional_object(request(b"[]"))


def test_of_two_equal_keys_the_last_counts() -> None:
    assert read_object(request(b'{"a": 1, "a": 2}')) == {"a": 2}
