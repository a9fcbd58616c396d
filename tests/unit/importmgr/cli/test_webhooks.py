"""`importmgr webhook`."""

from __future__ import annotations

import json
from typing import Any

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

DOCUMENT: dict[str, Any] = {
    "name": "",
    "url": "https://h.example.test/a",
    "events": ["run.failed"],
    "imports": None,
    "active": True,
}
ROW = {"webhook_id": "w1", "webhook": DOCUMENT, "disabled": None, "failures": 0}
SECRET = {"webhook_id": "w1", "secret": "whsec_x", "previous_secret_until": None}


def delivery(state: str, *tries: dict[str, Any]) -> dict[str, Any]:
    return {
        "notice_id": "msg_1",
        "type": "run.failed",
        "at": 1767225600.0,
        "state": state,
        "attempt": len(tries),
        "due": 1767225605.0,
        "tries": list(tries),
    }


def test_a_webhook_is_created_and_its_secret_shown(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer(SECRET)
    filters = ("--event", "run.failed", "--event", "run.missed", "--import", "d1", "--name", "N")

    done = cli("webhook", "create", "https://h.example.test/a", *filters, *access)
    as_json = cli("webhook", "create", "https://h.example.test/a", "--json", *access)

    assert done.out.splitlines() == ["id      w1", "secret  whsec_x"]
    assert api_server.seen[0].body == {
        "url": "https://h.example.test/a",
        "name": "N",
        "events": ["run.failed", "run.missed"],
        "imports": ["d1"],
    }
    assert json.loads(as_json.out) == SECRET
    assert api_server.seen[1].body == {"url": "https://h.example.test/a"}


def test_webhooks_are_listed_and_shown(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    disabled = {**ROW, "disabled": "it answered 410 Gone"}
    inactive = {**ROW, "webhook": {**DOCUMENT, "active": False, "events": None}}
    api_server.answer({"webhooks": [ROW, disabled, inactive], "total": 3})
    api_server.answer({"webhooks": [], "total": 0})
    api_server.answer(disabled)

    listed = cli("webhook", "list", *access).out.splitlines()[2:]
    none = cli("webhook", "list", *access).out
    shown = cli("webhook", "show", "w1", *access)

    assert [line.split()[1:3] for line in listed] == [
        ["active", "run.failed"],
        ["disabled", "run.failed"],
        ["inactive", "all"],
    ]
    assert "`importmgr webhook create` makes one" in none
    assert json.loads(shown.out) == DOCUMENT
    assert shown.err == "disabled: it answered 410 Gone\n"


def test_only_what_is_given_is_changed(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer(ROW)
    api_server.answer({"success": True})

    cli("webhook", "update", "w1", "--event", "all", "--to", "http://b", "--inactive", *access)

    assert api_server.seen[1].body == {
        **DOCUMENT,
        "url": "http://b",
        "events": None,
        "active": False,
    }


def test_a_secret_is_rotated(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({**SECRET, "previous_secret_until": 1767225600.0})

    done = cli("webhook", "rotate-secret", "w1", *access)

    assert "secret  whsec_x" in done.out
    assert done.err == "the secret before signs too until 2026-01-01 00:00:00 UTC\n"


def test_a_test_ends_with_what_it_found(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    good = {"ok": True, "status": 200, "milliseconds": 12.4, "error": None, "answer": None}
    api_server.answer(good)
    api_server.answer({**good, "ok": False, "error": "answers\x1b[2J 500"})

    passed = cli("webhook", "test", "w1", *access)
    failed = cli("webhook", "test", "w1", *access)

    assert (passed.code, passed.out) == (0, "delivered in 12 ms\n")
    assert (failed.code, failed.out) == (1, "failed: answers\\x1b[2J 500\n")


def test_deliveries_are_listed_with_their_last_try(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    good, bad = {"error": None, "milliseconds": 8.4}, {"error": "answers 500", "milliseconds": 1.0}
    rows = [delivery("delivered", bad, good), delivery("pending", bad), delivery("pending")]
    api_server.answer({"deliveries": rows, "total": 3})
    api_server.answer({"success": True})

    listed = cli("webhook", "deliveries", "w1", "--state", "pending", *access).out
    again = cli("webhook", "redeliver", "w1", "msg_1", *access)

    assert "took 8 ms" in listed
    assert "answers 500; again at" in " ".join(listed.split())
    assert "not tried yet" in listed
    assert "state=pending" in api_server.seen[0].path
    assert again.out == "msg_1 is queued again\n"


def test_a_webhook_is_deleted(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"success": True})

    assert cli("webhook", "delete", "w1", *access).out == "webhook w1 is deleted\n"
