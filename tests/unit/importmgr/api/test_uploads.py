from __future__ import annotations

import io

import pytest
from flask import Flask, request

from definitions.errors import RequestError, TooLargeError
from importmgr.api.uploads import read_upload

APP = Flask(__name__)


def form(*contents: bytes) -> dict[str, object]:
    return {f"file{n}": (io.BytesIO(content), "a.csv") for n, content in enumerate(contents)}


@pytest.mark.parametrize("given", [b"1,2\n", form(b"1,2\n")])
def test_a_file_is_the_body_or_the_only_one_of_a_form(given: bytes | dict[str, object]) -> None:
    with APP.test_request_context(method="POST", data=given):
        assert read_upload(request, 1000) == b"1,2\n"


@pytest.mark.parametrize("given", [b"x" * 1001, form(b"x" * 1001)])
def test_a_file_that_is_too_large_is_refused(given: bytes | dict[str, object]) -> None:
    with (
        APP.test_request_context(method="POST", data=given),
        pytest.raises(TooLargeError, match="larger than 1000 bytes"),
    ):
        read_upload(request, 1000)


@pytest.mark.parametrize("contents", [(), (b"a", b"b")])
def test_a_form_without_exactly_one_file_is_refused(contents: tuple[bytes, ...]) -> None:
    data = form(*contents) or {"text": "x"}
    with (
        APP.test_request_context(method="POST", data=data, content_type="multipart/form-data"),
        pytest.raises(RequestError, match=f"holds {len(contents)} files"),
    ):
        read_upload(request, 1000)
