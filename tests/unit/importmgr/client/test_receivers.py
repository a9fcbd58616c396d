from __future__ import annotations

from typing import Any

import pytest

from importmgr.client import Client, Patience
from tests.api_server import ApiServer

DOCUMENT = {"url": "https://h.example.test", "events": None, "imports": None, "active": True}
ROW = {"webhook_id": "w1", "webhook": DOCUMENT, "disabled": "gone", "failures": 3}
SECRET = {"webhook_id": "w1", "secret": "whsec_x", "previous_secret_until": None}
DELIVERY: dict[str, Any] = {
    "notice_id": "msg_1",
    "type": "run.failed",
    "at": 1.5,
    "state": "failed",
    "attempt": 2,
    "due": 2.5,
    "tries": [{"status": 500}],
}
AT = "/api/v1/projects/prj%2F1/webhooks"


@pytest.fixture
def client(api_server: ApiServer) -> Client:
    patience = Patience(timeout=5, sleep=lambda _: None)
    return Client(api_server.url, "key", "secret", "prj/1", patience)


def test_webhooks_are_managed(api_server: ApiServer, client: Client) -> None:
    test = {"ok": True, "status": 204, "milliseconds": 3.5, "error": None, "answer": None}
    for answer in (SECRET, ROW, {"success": True}, SECRET, test, {"success": True}):
        api_server.answer(answer)

    made = client.webhooks.create(DOCUMENT)
    read = client.webhooks.read("w1")
    client.webhooks.update("w1", DOCUMENT)
    rotated = client.webhooks.rotate_secret("w1")
    tested = client.webhooks.test("w1")
    client.webhooks.delete("w1")

    assert made == rotated
    assert (made.webhook_id, made.secret) == ("w1", "whsec_x")
    assert (read.id, read.document, read.disabled, read.failures) == ("w1", DOCUMENT, "gone", 3)
    assert (tested.status, tested.error) == (204, None)
    assert [(seen.method, seen.path) for seen in api_server.seen] == [
        ("POST", AT),
        ("GET", f"{AT}/w1"),
        ("PUT", f"{AT}/w1"),
        ("POST", f"{AT}/w1/rotate-secret"),
        ("POST", f"{AT}/w1/test"),
        ("DELETE", f"{AT}/w1"),
    ]


def test_lists_are_followed_page_by_page(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"webhooks": [ROW], "total": 51})
    api_server.answer({"webhooks": [ROW], "total": 51})
    api_server.answer({"deliveries": [DELIVERY], "total": 1})
    api_server.answer({"success": True})

    assert len(list(client.webhooks.list())) == 2
    (delivery,) = client.webhooks.deliveries("w1", "failed")
    client.webhooks.redeliver("w1", "msg_1")

    assert (delivery.notice_id, delivery.state, delivery.tries) == (
        "msg_1",
        "failed",
        ({"status": 500},),
    )
    assert "state=failed" in api_server.seen[2].path
    assert api_server.seen[3].path == f"{AT}/w1/deliveries/msg_1/redeliver"


def test_people_are_let_be_mailed(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"email_id": "e1"})

    assert client.emails.create({"recipients": ["a@x.test"]}) == "e1"
    assert api_server.seen[0].path == "/api/v1/projects/prj%2F1/emails"
