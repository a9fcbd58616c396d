"""`importmgr integration`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

SHOWN = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
ROW = {
    "integration_id": "i1",
    "integration": {"name": "Drop", "kind": "local", "settings": {"folder": "/srv"}},
}
SFTP = {
    "integration_id": "i2",
    "integration": {
        "name": "CRM",
        "kind": "sftp",
        "settings": {"host": "h.example.test", "port": 22, "host_key": "SHA256:old"},
    },
}
CREATE = ("integration", "create", "CRM", "--kind", "sftp", "--set", "host=h.example.test")


def report(**changes: object) -> dict[str, Any]:
    found = {"connect_ms": 12.4, "list_ms": 3.0, "files": 7, "clock_skew": -1.26, "write_ms": None}
    return {"ok": True, "trouble": None, "error": None, **found, **changes}


def test_an_integration_is_created_from_options(
    cli: Cli, api_server: ApiServer, access: list[str], tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("-----KEY-----\n")
    api_server.answer({"host_key": SHOWN})
    api_server.answer({"integration_id": "i1"})

    done = cli(
        *CREATE,
        *("--set", "port=2222", "--set", "username=u", "--ask", "password"),
        *("--read", f"private_key={tmp_path / 'key'}", "--trust"),
        *access,
        stdin="geheim\n",
    )

    assert (done.code, done.out) == (0, "i1\n")
    assert SHOWN in done.err
    assert "geheim" not in done.out + done.err
    assert api_server.seen[0].body == {"host": "h.example.test", "port": 2222}
    assert api_server.seen[1].body == {
        "name": "CRM",
        "kind": "sftp",
        "settings": {
            "host": "h.example.test",
            "port": 2222,
            "username": "u",
            "password": "geheim",
            "private_key": "-----KEY-----",
            "host_key": SHOWN,
        },
    }


def test_a_host_key_is_shown_and_nothing_created_without_trust(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"host_key": SHOWN})

    done = cli(*CREATE, *access)

    assert done.code == 2
    assert f"h.example.test:22 shows the host key {SHOWN}" in done.err
    assert "--trust" in done.err
    assert len(api_server.seen) == 1


def test_a_host_key_that_is_known_needs_no_look(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"integration_id": "i1"})

    done = cli(*CREATE, "--set", f"host_key={SHOWN}", "--json", *access)

    assert json.loads(done.out) == {"integration_id": "i1"}
    assert api_server.seen[0].body["settings"]["host_key"] == SHOWN


def test_options_that_cannot_be_read_are_refused(cli: Cli, access: list[str]) -> None:
    assert "KEY=VALUE" in cli(*CREATE[:5], "--set", "host", *access).err
    assert "host=" in cli(*CREATE[:5], *access).err


def test_integrations_are_listed_and_shown(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer({"integrations": [ROW], "total": 1})
    api_server.answer({"integrations": [ROW], "total": 1})
    api_server.answer({"integrations": [], "total": 0})
    api_server.answer(ROW)

    assert cli("integration", "list", *access).out.splitlines()[2:] == ["i1  local  Drop"]
    assert json.loads(cli("integration", "list", "--json", *access).out) == [ROW]
    assert "integration create" in cli("integration", "list", *access).out
    shown = cli("integration", "show", "i1", *access).out
    assert json.loads(shown) == ROW["integration"]


def test_a_test_is_told_in_lines(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer(report())
    api_server.answer(report(clock_skew=None))
    api_server.answer(report())

    assert cli("integration", "test", "i1", *access).out.splitlines() == [
        "connected  12 ms",
        "listed     7 files in 3 ms",
        "clock      -1.3 s against ours",
    ]
    assert "clock      not told" in cli("integration", "test", "i1", *access).out
    assert json.loads(cli("integration", "test", "i1", "--json", *access).out)["files"] == 7


def test_a_test_that_fails_says_where(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    nothing = dict.fromkeys(("connect_ms", "list_ms", "files", "clock_skew"))
    api_server.answer(report(trouble="login", error="h refuses the login", **nothing))

    done = cli("integration", "test", "i1", *access)

    assert (done.code, done.out) == (1, "login: h refuses the login\n")


def test_a_trial_of_writing_is_told_beside_what_went_well(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer(report(write_ms=20.1))
    api_server.answer(report(trouble="denied", error="a file cannot be written"))

    useless = cli("integration", "test", "i1", "--path", "done", *access)
    well = cli("integration", "test", "i1", "--write", *access)
    refused = cli("integration", "test", "i1", "--write", "--path", "done", *access)

    assert well.out.splitlines()[-1] == "written    renamed and deleted in 20 ms"
    assert (well.code, refused.code) == (0, 1)
    assert refused.out.splitlines()[-2:] == [
        "clock      -1.3 s against ours",
        "denied: a file cannot be written",
    ]
    assert "--path 'done' is heeded with --write only" in useless.err
    assert [seen.body for seen in api_server.seen] == [
        {"write": True},
        {"write": True, "path": "done"},
    ]


def test_another_host_key_is_trusted_when_asked_for(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    for answer in (SFTP, {"host_key": SHOWN}, {"success": True}, report()):
        api_server.answer(answer)

    done = cli("integration", "test", "i2", "--trust", *access)

    assert done.code == 0
    assert f"host key was SHA256:old, trusting {SHOWN}" in done.err
    assert api_server.seen[2].body == {"host_key": SHOWN}


def test_only_sftp_has_a_host_key_to_trust(
    cli: Cli, api_server: ApiServer, access: list[str]
) -> None:
    api_server.answer(ROW)

    assert "has no host key" in cli("integration", "test", "i1", "--trust", *access).err


def test_an_integration_is_deleted(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer({"success": True})

    assert cli("integration", "delete", "i1", *access).out == "integration i1 is deleted\n"
