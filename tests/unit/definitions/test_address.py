from __future__ import annotations

import string
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import assume, given
from hypothesis import strategies as st

from definitions.address import check_url, origin
from definitions.errors import InvalidError

LETTERS = string.ascii_letters + string.digits + "-_.:/?#@[]%\\\t \u00fc"
texts = st.text(LETTERS, max_size=25)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.test/p.csv",
        "http://localhost:8080",
        "HTTP://Example.TEST/x?token=a@b#c",
        "https://10.0.0.1/ä ö.csv",
        "https://[2001:db8::1]:8443/x",
        "http://some_service/x",
        "http://example.test./x",
        "http://h?q",
        "http://h:65535/",
    ],
)
def test_an_absolute_address_has_no_problem(url: str) -> None:
    assert check_url(url) is None


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", "must be an absolute address that begins with http:// or https://"),
        ("ftp://x", "must be an absolute address that begins with http:// or https://"),
        ("https:/x", "must be an absolute address that begins with http:// or https://"),
        ("/x.csv", "must be an absolute address that begins with http:// or https://"),
        ("http://a@h", "must not contain a login before the host"),
        ("http://a:b@h/x", "must not contain a login before the host"),
        ("http://h\\@evil/x", "must not contain a login before the host"),
        ("http://", "must name a host"),
        ("http://-", "must name a host"),
        ("http:///x", "must name a host"),
        ("http://a b/x", "must name a host"),
        ("http://h\\x/", "must name a host"),
        ("http://b\u00fccher.test/", "write an international name in its xn-- form"),
        ("http://a..b/", "must name a host"),
        ("http://%6c/", "must name a host"),
        ("http://[::1/x", "must name a host"),
        ("http://[1::2::3]/", "must name a host"),
        ("http://[fe80::1%25eth0]/", "must name a host"),
        (f"http://{'a' * 254}/", "must name a host"),
        ("http://h:/", "must have a port from 1 to 65535"),
        ("http://h:0/", "must have a port from 1 to 65535"),
        ("http://h:65536/", "must have a port from 1 to 65535"),
        ("http://h:x/", "must have a port from 1 to 65535"),
        ("http://h:8\u0660/", "must have a port from 1 to 65535"),
        ("http://h/a\nb", "must not contain control characters"),
        (" http://h/", "must not contain control characters"),
        ("http://h/ ", "must not contain control characters"),
        ("http://h/" + "a" * 8_192, "must have at most 8192 characters, not 8201"),
    ],
)
def test_an_address_with_a_problem_is_answered_with_the_remedy(url: str, text: str) -> None:
    assert text in (check_url(url) or "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Files.Example.TEST/p.csv", "https://files.example.test:443"),
        ("HTTP://h", "http://h:80"),
        ("http://h:080/x", "http://h:80"),
        ("https://h:8443/x?y", "https://h:8443"),
        ("https://[2001:DB8:0:0::1]/", "https://[2001:db8::1]:443"),
    ],
)
def test_an_origin_has_one_spelling(url: str, expected: str) -> None:
    assert origin(url) == expected


@given(host=st.from_regex(r"\A[a-z][a-z0-9-]{0,9}\Z"), port=st.integers(1, 65_535), path=texts)
def test_an_origin_does_not_depend_on_path_or_case(host: str, port: int, path: str) -> None:
    url = f"https://{host}:{port}/{path}"
    assume(check_url(url) is None)

    assert origin(url) == origin(f"HTTPS://{host.upper()}:{port}") == f"https://{host}:{port}"


@given(rest=texts)
def test_other_readers_see_the_same_host_and_port(rest: str) -> None:
    """A login must never be sealed for one host and sent to another."""
    url = f"http://{rest}"
    assume(check_url(url) is None)
    ours = urlsplit(origin(url))

    theirs = urlsplit(requests.Request("GET", url).prepare().url or "")

    assert (theirs.hostname, theirs.port or 80) == (ours.hostname, ours.port)
    assert (theirs.username, theirs.password) == (None, None)


def test_an_address_with_a_problem_has_no_origin() -> None:
    with pytest.raises(InvalidError, match="login") as caught:
        origin("http://ann:hunter2@h/x")

    assert "hunter2" not in str(caught.value)
