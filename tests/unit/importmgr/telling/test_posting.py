from __future__ import annotations

import pytest

from importmgr.telling.posting import EXCERPT, Poster
from sources.guard import AddressPolicy
from tests.api_server import ApiServer
from tests.file_server import FileServer, Silence

NEVER = 3_600  # seconds: long after the test was ended for hanging
HERE = AddressPolicy(allow_private=True)


@pytest.fixture
def poster() -> Poster:
    return Poster(policy=HERE, seconds=5.0)


def test_a_body_is_posted_as_it_is(api_server: ApiServer, poster: Poster) -> None:
    api_server.answer("fine", 202)

    reply = poster.post(api_server.url, b'{"a":  1}', {"webhook-id": "msg_1"})

    assert (reply.status, reply.error, reply.answer) == (202, None, "fine")
    (seen,) = api_server.seen
    assert (seen.method, seen.raw, seen.headers["webhook-id"]) == ("POST", b'{"a":  1}', "msg_1")


def test_a_redirect_is_a_failure_and_not_followed(api_server: ApiServer, poster: Poster) -> None:
    api_server.answer("", 302, Location=f"{api_server.url}/elsewhere")

    reply = poster.post(f"{api_server.url}/a?token=geheim", b"{}", {})

    assert reply.status == 302
    assert reply.error == f"{api_server.url}/a?… answers 302, which is no success"
    assert len(api_server.seen) == 1


def test_what_a_receiver_asks_for_is_kept(api_server: ApiServer, poster: Poster) -> None:
    api_server.answer("slow down", 429, Retry_After="17")

    reply = poster.post(api_server.url, b"{}", {})

    assert (reply.status, reply.retry_after, reply.answer) == (429, 17.0, "slow down")


def test_only_the_beginning_of_an_answer_is_kept(api_server: ApiServer, poster: Poster) -> None:
    api_server.answer("x\0" * EXCERPT)

    reply = poster.get(api_server.url)

    assert reply.answer == "x\ufffd" * (EXCERPT // 2)
    assert api_server.seen[0].method == "GET"


def test_private_addresses_are_refused_unless_allowed(api_server: ApiServer) -> None:
    guarded = Poster(policy=AddressPolicy(), seconds=5.0)

    reply = guarded.post(api_server.url, b"{}", {})

    assert reply.status is None
    assert "IMPORTMGR_ALLOWED_SOURCE_NETWORKS" in (reply.error or "")
    assert api_server.seen == []


def test_nobody_there_is_told(poster: Poster) -> None:
    reply = poster.post("http://127.0.0.1:1/a?token=geheim", b"{}", {})

    assert "http://127.0.0.1:1/a" in (reply.error or "")
    assert "geheim" not in (reply.error or "")


def test_one_that_keeps_silent_is_left_behind(file_server: FileServer) -> None:
    url = file_server.put("/slow", b"")
    file_server.script("/slow", Silence(seconds=NEVER))

    reply = Poster(policy=HERE, seconds=0.5).get(url)

    assert reply.error is not None
