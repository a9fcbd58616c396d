from __future__ import annotations

import pytest
import requests

from definitions.errors import SourceRefusedError, SourceUnreachableError
from sources import answers
from sources.base import RemoteFile
from sources.part import Identity


def answer(status: int, **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): text for name, text in headers.items()})
    return response


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x.csv", "https://a.example/x.csv"),
        ("https://u:p@a.example:8443/x?sig=1#frag", "https://a.example:8443/x?…"),
        ("http://u:p%40@[::1]:80/x", "http://[::1]:80/x"),
        ("http://u:p@w@a.example/", "http://a.example/"),
    ],
)
def test_no_login_and_no_query_is_shown(url: str, shown: str) -> None:
    assert answers.shown(url) == shown


def test_the_length_of_the_content_is_that_of_the_whole() -> None:
    whole = answer(200, Content_Length="10", ETag='"1"', Last_Modified="then")
    assert answers.identity_of(whole) == Identity(etag='"1"', modified="then", size=10)
    assert answers.identity_of(answer(206, Content_Range="bytes 3-9/10")).size == 10
    assert answers.begins_at(answer(206, Content_Range="bytes 3-9/10")) == 3


@pytest.mark.parametrize(
    "response",
    [
        answer(200),
        answer(200, Content_Length="ten"),
        answer(200, Content_Length="-1"),
        answer(200, Content_Length="10", Transfer_Encoding="chunked"),
        answer(206, Content_Range="bytes 3-9/*", Content_Length="7"),
        answer(206, Content_Length="7"),
    ],
)
def test_a_length_that_is_not_told_is_not_known(response: requests.Response) -> None:
    assert answers.identity_of(response).size is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "120"}, 120.0),
        (
            {
                "Retry_After": "Fri, 02 Jan 2026 00:01:00 GMT",
                "Date": "Fri, 02 Jan 2026 00:00:00 GMT",
            },
            60.0,
        ),
        (
            {
                "Retry_After": "Fri, 02 Jan 2026 00:00:00 GMT",
                "Date": "Fri, 02 Jan 2026 00:01:00 GMT",
            },
            0.0,
        ),
        ({"Retry_After": "Fri, 02 Jan 2026 00:01:00 GMT"}, None),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wished_pause_is_read(headers: dict[str, str], seconds: float | None) -> None:
    error = answers.error_of_status(answer(503, **headers), "http://x/")
    assert isinstance(error, SourceUnreachableError)
    assert error.retry_after == seconds


def test_the_texts_of_the_client_are_not_shown() -> None:
    url = "http://u:p@x.example/a?sig=secret"
    for cause in (
        requests.exceptions.InvalidURL(url),
        requests.exceptions.InvalidProxyURL(url),
        requests.exceptions.ReadTimeout(url),
        requests.exceptions.ChunkedEncodingError(url),
        requests.exceptions.ConnectionError(url, OSError(113, "No route to host")),
    ):
        assert "secret" not in str(answers.error_of_client(cause, url))


def test_an_address_that_is_none_is_refused_and_a_broken_line_is_not() -> None:
    url = "http://x/"
    refused = answers.error_of_client(requests.exceptions.InvalidURL("x"), url)
    assert isinstance(refused, SourceRefusedError)
    broken = requests.exceptions.ConnectionError("x", OSError(113, "No route to host"))
    error = answers.error_of_client(broken, url)
    assert isinstance(error, SourceUnreachableError)
    assert str(error) == "http://x/ cannot be read (No route to host)"


def test_a_date_that_cannot_be_read_is_no_date() -> None:
    file = RemoteFile(path="x", size=None, modified_at=None, etag=None)
    identity = Identity(etag=None, modified="yesterday", size=None)
    assert answers.described(file, identity).modified_at is None
