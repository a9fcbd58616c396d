"""Sending requests: login, second tries, errors."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.errors import (
    ConflictError,
    ForbiddenError,
    ImportmgrError,
    InvalidError,
    LimitError,
    NotFoundError,
    RequestError,
    TemporaryError,
    TooLargeError,
    UnauthenticatedError,
)
from importmgr.client import Client, Patience
from importmgr.client.door import Door
from tests.api_server import ApiServer


class Waiting:
    """A sleep that only notes how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def door(api_server: ApiServer, waiting: Waiting) -> Door:
    return Door(api_server.url, "key", "geheim", Patience(timeout=5, sleep=waiting))


def test_the_key_goes_along_as_basic_login(api_server: ApiServer) -> None:
    api_server.answer({"ok": 1})

    Door(api_server.url, "schlüssel", "geheim", Patience()).ask("GET", "/x")

    expected = b64encode("schlüssel:geheim".encode()).decode()
    assert api_server.seen[0].headers["Authorization"] == f"Basic {expected}"


def test_reading_is_tried_again_until_it_works(
    api_server: ApiServer, door: Door, waiting: Waiting
) -> None:
    api_server.hang_up()
    api_server.refuse(503, "the database is busy")
    api_server.answer({"ok": 1})

    assert door.ask("GET", "/x").body == {"ok": 1}
    assert waiting.seconds == [0.5, 1.0]


def test_the_wait_the_server_asks_for_is_kept(
    api_server: ApiServer, door: Door, waiting: Waiting
) -> None:
    api_server.refuse(429, "too many", Retry_After="7")
    api_server.answer({"ok": 1})

    door.ask("GET", "/x")

    assert waiting.seconds == [7]


def test_nobody_waits_longer_than_the_patience(
    api_server: ApiServer, door: Door, waiting: Waiting
) -> None:
    api_server.refuse(429, "too many requests in one minute", Retry_After="3600")

    with pytest.raises(LimitError, match="too many requests in one minute") as caught:
        door.ask("GET", "/x")

    assert caught.value.retry_after == 3600
    assert waiting.seconds == []


def test_reading_gives_up_after_the_last_attempt(
    api_server: ApiServer, door: Door, waiting: Waiting
) -> None:
    api_server.refuse(500, "internal error")

    with pytest.raises(TemporaryError, match="internal error"):
        door.ask("GET", "/x")

    assert len(api_server.seen) == 4
    assert len(waiting.seconds) == 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_changes_something_is_sent_once(
    api_server: ApiServer, door: Door, status: int
) -> None:
    api_server.refuse(status, "not now")

    with pytest.raises((TemporaryError, LimitError)):
        door.tell("POST", "/x", json={})

    assert len(api_server.seen) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestError),
        (401, UnauthenticatedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (405, RequestError),
        (409, ConflictError),
        (413, TooLargeError),
        (429, LimitError),
        (500, TemporaryError),
        (503, TemporaryError),
    ],
)
def test_an_error_has_the_kind_of_its_status_and_the_text_of_the_server(
    api_server: ApiServer, door: Door, status: int, kind: type[ImportmgrError]
) -> None:
    api_server.refuse(status, "what the server says")

    with pytest.raises(kind) as caught:
        door.tell("GET", "/x")

    assert type(caught.value) is kind
    assert str(caught.value) == "what the server says"


def test_wrong_fields_come_back_with_their_messages(api_server: ApiServer, door: Door) -> None:
    errors = {"name": ["is missing"], "source.import_url": ["must be an address"]}
    api_server.answer({"success": False, "error": "name: is missing", "errors": errors}, 400)

    with pytest.raises(InvalidError, match=r"name: is missing; source\.import_url: must") as caught:
        door.tell("POST", "/x", json={})

    assert caught.value.problems == errors


def test_a_busy_server_that_says_nothing_is_named_with_its_status(
    api_server: ApiServer, door: Door
) -> None:
    api_server.answer("<html>bad gateway</html>", 502)

    with pytest.raises(TemporaryError, match="answered 502"):
        door.tell("GET", "/x")


@pytest.mark.parametrize(("status", "body"), [(200, "<html>"), (404, "<html>"), (301, "")])
def test_another_server_is_not_taken_for_importmgr(
    api_server: ApiServer, door: Door, status: int, body: str
) -> None:
    api_server.answer(body, status, Location="http://127.0.0.1:1/")

    with pytest.raises(RequestError, match="does not answer as importmgr does"):
        door.ask("GET", "/x")


def test_nobody_at_the_address_is_said_in_one_line() -> None:
    door = Door("http://127.0.0.1:1", "key", "geheim", Patience(attempts=1))

    with pytest.raises(TemporaryError, match=r"cannot reach http://127.0.0.1:1; is the service"):
        door.ask("GET", "/x")


@pytest.mark.parametrize(
    "url", ["", "importmgr.example", "ftp://a", "http://", "https://a/?x=1", "http://me:geheim@a"]
)
def test_a_wrong_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(InvalidError, match="url: must") as caught:
        Door(url, "key", "secret", Patience())

    assert "geheim" not in str(caught.value)


def test_the_secret_is_not_shown() -> None:
    client = Client(url="http://a.example", key_id="key", secret="geheim", project="p")

    assert repr(client) == "Client(url='http://a.example', key_id='key', project='p')"
    assert "geheim" not in repr(vars(client)) + repr(client.definitions) + repr(client._door)


@given(attempt=st.integers(1, 50), asked=st.none() | st.integers(0, 10_000))
def test_a_wait_is_never_longer_than_the_longest(attempt: int, asked: int | None) -> None:
    delay = Patience(attempts=100).delay_after(attempt, asked)

    assert delay is None or 0 <= delay <= Patience().longest_delay
