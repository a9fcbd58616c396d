from __future__ import annotations

import pytest

from importmgr.client import Client, Patience
from tests.api_server import ApiServer

DOCUMENT = {"name": "Drop", "kind": "local", "settings": {"folder": "/srv"}}
ROW = {"integration_id": "i1", "integration": DOCUMENT}
REPORT = {
    "ok": True,
    "trouble": None,
    "error": None,
    "connect_ms": 1.5,
    "list_ms": 2.5,
    "files": 3,
    "clock_skew": None,
    "write_ms": None,
}


@pytest.fixture
def client(api_server: ApiServer) -> Client:
    patience = Patience(timeout=5, sleep=lambda _: None)
    return Client(api_server.url, "key", "secret", "prj/1", patience)


def test_integrations_are_created_read_and_deleted(api_server: ApiServer, client: Client) -> None:
    api_server.answer({"integration_id": "i1"})
    api_server.answer(ROW)
    api_server.answer({"success": True})

    made = client.integrations.create(DOCUMENT)
    read = client.integrations.read(made)
    client.integrations.delete(made)

    assert (read.id, read.name, read.kind, read.document) == ("i1", "Drop", "local", DOCUMENT)
    assert api_server.seen[0].body == DOCUMENT
    assert [(seen.method, seen.path) for seen in api_server.seen] == [
        ("POST", "/api/v1/projects/prj%2F1/integrations"),
        ("GET", "/api/v1/projects/prj%2F1/integrations/i1"),
        ("DELETE", "/api/v1/projects/prj%2F1/integrations/i1"),
    ]


def test_a_list_is_followed_page_by_page(api_server: ApiServer, client: Client) -> None:
    rows = [{**ROW, "integration_id": f"i{n}"} for n in range(60)]
    api_server.answer({"integrations": rows[:50], "total": 60})
    api_server.answer({"integrations": rows[50:], "total": 60})

    assert [each.id for each in client.integrations.list()] == [f"i{n}" for n in range(60)]
    assert "offset=50" in api_server.seen[1].path


def test_a_test_and_a_host_key_are_asked_for(api_server: ApiServer, client: Client) -> None:
    api_server.answer(REPORT)
    api_server.answer(REPORT | {"write_ms": 4.5})
    api_server.answer(REPORT | {"write_ms": 5.5})
    api_server.answer({"host_key": "SHA256:x"})
    api_server.answer({"success": True})

    report = client.integrations.test("i1")
    written = client.integrations.test_writing("i1")
    below = client.integrations.test_writing("i1", "done")
    shown = client.integrations.host_key("files.example.test", 2222)
    client.integrations.trust("i1", shown)

    assert (report.trouble, report.files, report.connect_ms) == (None, 3, 1.5)
    assert (report.write_ms, written.write_ms, below.write_ms) == (None, 4.5, 5.5)
    assert [seen.body for seen in api_server.seen] == [
        None,
        {"write": True},
        {"write": True, "path": "done"},
        {"host": "files.example.test", "port": 2222},
        {"host_key": "SHA256:x"},
    ]
