from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from importmgr.client import Client, Patience
from tests.api_server import ApiServer

ROW = {
    "at": 5.5,
    "actor": "k1",
    "action": "run.started",
    "object": "r1",
    "before": {},
    "after": {"cause": "manual"},
    "request_id": None,
}


def test_the_audit_log_is_followed_as_it_is_narrowed(api_server: ApiServer) -> None:
    api_server.answer({"audit": [ROW], "total": 1, "limit": 50, "offset": 0})
    patience = Patience(timeout=5, sleep=lambda _: None)
    client = Client(api_server.url, "key", "secret", "prj/1", patience)

    (found,) = client.audit.list(actor="k1", since=5.0, until=None)

    assert {name: getattr(found, name) for name in found.__slots__} == ROW
    seen = urlsplit(api_server.seen[0].path)
    assert seen.path == "/api/v1/projects/prj%2F1/audit"
    assert parse_qs(seen.query) == {
        "limit": ["50"],
        "offset": ["0"],
        "actor": ["k1"],
        "since": ["5.0"],
    }
