"""`importmgr profile`."""

from __future__ import annotations

import json

from tests.unit.importmgr.cli.conftest import Cli

PARTS = ("--url", "http://a.example", "--key-id", "k", "--project", "p")


def test_a_profile_is_saved_with_a_secret_from_stdin_and_listed_without_it(cli: Cli) -> None:
    saved = cli("profile", "save", "default", *PARTS, "--secret", "-", stdin="geheim\n")
    listed = cli("profile", "list")
    as_json = cli("profile", "list", "--json")

    assert saved.code == 0
    assert "default" in listed.out
    assert "geheim" not in saved.out + listed.out + as_json.out
    assert json.loads(as_json.out) == [
        {"name": "default", "url": "http://a.example", "key_id": "k", "project": "p"}
    ]


def test_a_wrong_address_is_not_saved(cli: Cli) -> None:
    done = cli("profile", "save", "x", *PARTS[2:], "--url", "a.example", "--secret", "s")

    assert done.code == 2
    assert "must look like https://" in done.err
    assert "no profiles yet" in cli("profile", "list").out


def test_a_profile_without_a_secret_is_not_saved(cli: Cli) -> None:
    done = cli("profile", "save", "x", *PARTS, stdin="")

    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "--secret - to read it from stdin" in done.err


def test_a_profile_is_removed(cli: Cli) -> None:
    cli("profile", "save", "x", *PARTS, "--secret", "s")

    assert cli("profile", "remove", "x").code == 0
    assert cli("profile", "remove", "x").code == 2
