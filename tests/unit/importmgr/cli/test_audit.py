"""`importmgr audit`; what `all` shows is in tests/integration/test_audit.py."""

from __future__ import annotations

import json

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

ROW = {
    "at": 1774746000.0,
    "actor": "k1",
    "action": "import.deactivated",
    "object": "d1",
    "before": {"active": True},
    "after": {"active": False},
    "request_id": "r-1",
}


def test_changes_are_listed_over_http(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"audit": [ROW], "total": 1, "limit": 50, "offset": 0})
    words = ("audit", "list", "--object", "d1", "--since", "2026-03-28", *access)

    shown = cli(*words)

    assert shown.out == (
        "2026-03-29 01:00:00  k1  import.deactivated  d1\n"
        '    {"active": true} → {"active": false}\n'
    )
    assert "object=d1" in api_server.seen[0].path
    assert "since=1774656000.0" in api_server.seen[0].path
    assert json.loads(cli(*words, "--json").out) == [ROW]


def test_without_changes_it_says_so(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"audit": [], "total": 0, "limit": 50, "offset": 0})

    assert cli("audit", "list", *access).out == "nothing was changed\n"
    assert cli("audit", "all", "--until", "2026-03-28", "--json").out == "[]\n"
