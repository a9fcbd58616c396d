"""`importmgr key`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from importmgr.security.permissions import PERMISSIONS
from tests.unit.importmgr.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture
def token(cli: Cli) -> str:
    return cli("project", "create", "Shop").out.strip()


def make(cli: Cli, token: str, *words: str) -> dict[str, Any]:
    options = ("--project", token, "--name", "me", *(words or ("--all-permissions",)))
    made: dict[str, Any] = json.loads(cli("key", "create", *options, "--json").out)
    return made


def test_a_key_is_created_with_every_permission(cli: Cli, token: str) -> None:
    made = make(cli, token)

    assert made["secret"].startswith("imk_")
    assert made["permissions"] == sorted(PERMISSIONS)
    assert (made["project_token"], made["name"]) == (token, "me")


def test_a_key_is_created_with_some_permissions(cli: Cli, token: str) -> None:
    words = ("--permission", "imports.read", "--permission", "imports.list")

    assert make(cli, token, *words)["permissions"] == ["imports.list", "imports.read"]


def test_the_secret_is_shown_once(cli: Cli, token: str) -> None:
    shown = cli("key", "create", "--project", token, "--name", "me", "--all-permissions").out
    secret = shown.splitlines()[1].split()[-1]

    listed = cli("key", "list", "--project", token)

    assert secret.startswith("imk_")
    assert secret not in listed.out + cli("key", "list", "--project", token, "--json").out
    assert f"…{secret[-4:]}" in listed.out


def test_a_key_is_printed_as_curl_takes_it(cli: Cli, token: str) -> None:
    options = ("--project", token, "--name", "me", "--all-permissions", "--basic")
    key_id, _, secret = cli("key", "create", *options).out.strip().partition(":")

    assert len(key_id) == 24
    assert secret.startswith("imk_")


@pytest.mark.parametrize("words", [[], ["--all-permissions", "--permission", "imports.list"]])
def test_permissions_must_be_said_one_way(cli: Cli, token: str, words: list[str]) -> None:
    done = cli("key", "create", "--project", token, "--name", "me", *words)

    assert done.code == 2
    assert "give --all-permissions or --permission, one of imports.list" in done.err


def test_an_unknown_permission_is_told_with_the_nearest(cli: Cli, token: str) -> None:
    words = ("--project", token, "--name", "me", "--permission", "imports.lst")
    done = cli("key", "create", *words)

    assert done.code == 2
    assert "did you mean 'imports.list'?" in done.err


def test_an_unknown_project_is_told(cli: Cli) -> None:
    done = cli("key", "list", "--project", "x")

    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "there is no project 'x'" in done.err


def test_a_project_without_keys_says_what_to_do(cli: Cli, token: str) -> None:
    assert "key create" in cli("key", "list", "--project", token).out


def test_a_revoked_key_is_listed_as_revoked(cli: Cli, token: str) -> None:
    key_id = make(cli, token)["key_id"]

    assert cli("key", "revoke", key_id).code == 0
    assert cli("key", "revoke", key_id).code == 2
    assert "revoked 2" in cli("key", "list", "--project", token).out
    assert json.loads(cli("key", "list", "--project", token, "--json").out)[0]["revoked"] > 0


def test_a_rotated_key_has_a_new_secret_and_keeps_its_id(cli: Cli, token: str) -> None:
    made = make(cli, token)

    rotated = json.loads(cli("key", "rotate", made["key_id"], "--json").out)
    (listed,) = json.loads(cli("key", "list", "--project", token, "--json").out)

    assert rotated["key_id"] == made["key_id"]
    assert rotated["secret"] != made["secret"]
    assert listed["previous_secret_until"] > listed["created"]
    assert "valid for 24 hours" in cli("key", "rotate", made["key_id"]).out
