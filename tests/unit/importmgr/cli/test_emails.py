"""`importmgr email`."""

from __future__ import annotations

import json
from typing import Any

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

DOCUMENT: dict[str, Any] = {
    "name": "",
    "recipients": ["a@x.test", "b@x.test"],
    "events": ["run.failed"],
    "imports": None,
    "active": True,
    "repeat_hours": 24,
}
ROW = {"email_id": "e1", "email": DOCUMENT, "disabled": None, "failures": 0}
DONE = {"success": True}


def test_people_are_let_be_mailed(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"email_id": "e1"})
    words = ("a@x.test", "b@x.test", "--event", "run.failed", "--repeat-hours", "12")

    assert cli("email", "create", *words, *access).out == "e1\n"
    assert json.loads(cli("email", "create", "a@x.test", "--json", *access).out) == {
        "email_id": "e1"
    }
    assert api_server.seen[0].body == {
        "recipients": ["a@x.test", "b@x.test"],
        "events": ["run.failed"],
        "repeat_hours": 12,
    }


def test_who_is_mailed_is_shown_and_changed(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"emails": [ROW], "total": 1})
    for answer in (ROW, ROW, DONE, DONE):
        api_server.answer(answer)

    listed = cli("email", "list", *access).out.splitlines()[2:]
    shown = cli("email", "show", "e1", *access).out
    changed = cli("email", "update", "e1", "--to", "c@x.test", "--inactive", *access)
    deleted = cli("email", "delete", "e1", *access)

    assert listed == ["e1  active  run.failed  a@x.test b@x.test"]
    assert json.loads(shown) == DOCUMENT
    assert api_server.seen[3].body == {**DOCUMENT, "recipients": ["c@x.test"], "active": False}
    assert (changed.out, deleted.out) == ("email e1 is changed\n", "email e1 is deleted\n")


def test_mail_is_tried_and_looked_at(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    tested = {"status": None, "milliseconds": 1.0, "error": "no server", "answer": None}
    api_server.answer({"ok": False, **tested})
    api_server.answer({"deliveries": [], "total": 0})
    api_server.answer(DONE)

    assert cli("email", "test", "e1", *access).out == "failed: no server\n"
    assert cli("email", "deliveries", "e1", *access).out == "nothing was sent\n"
    assert cli("email", "redeliver", "e1", "msg_1", *access).out == "msg_1 is queued again\n"
