"""How a remote command finds its service."""

from __future__ import annotations

import pytest

from tests.api_server import ApiServer
from tests.unit.importmgr.cli.conftest import Cli

LIST = ("definitions", "list")


def save(cli: Cli, api_server: ApiServer, name: str) -> None:
    parts = ("--url", api_server.url, "--key-id", name, "--project", "prj")
    assert cli("profile", "save", name, *parts, "--secret", "geheim").code == 0


def test_the_default_profile_is_used_when_nothing_is_said(cli: Cli, api_server: ApiServer) -> None:
    api_server.answer([], X_Total_Count="0")
    save(cli, api_server, "default")

    assert cli(*LIST).code == 0
    assert api_server.seen[0].headers["Authorization"] == "Basic ZGVmYXVsdDpnZWhlaW0="


def test_another_profile_is_used_by_its_name(cli: Cli, api_server: ApiServer) -> None:
    api_server.answer([], X_Total_Count="0")
    save(cli, api_server, "other")

    assert cli(*LIST, "--profile", "other").code == 0
    assert cli(*LIST).code == 2
    assert len(api_server.seen) == 1


def test_a_profile_may_be_chosen_for_many_commands(
    cli: Cli, api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    api_server.answer([], X_Total_Count="0")
    save(cli, api_server, "default")
    save(cli, api_server, "other")
    monkeypatch.setenv("IMPORTMGR_PROFILE", "other")

    assert cli(*LIST).code == 0
    assert cli(*LIST, "--profile", "default").code == 0
    users = [seen.headers["Authorization"] for seen in api_server.seen]
    assert users == ["Basic b3RoZXI6Z2VoZWlt", "Basic ZGVmYXVsdDpnZWhlaW0="]


def test_options_do_without_a_profile(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer([], X_Total_Count="0")

    assert cli(*LIST, *access).code == 0


def test_the_secret_may_come_from_stdin(cli: Cli, api_server: ApiServer, access: list[str]) -> None:
    api_server.answer([], X_Total_Count="0")

    assert cli(*LIST, *access, "--secret", "-", stdin="geheim\n").code == 0
    assert api_server.seen[0].headers["Authorization"] == "Basic azpnZWhlaW0="


@pytest.mark.parametrize("option", [("--url", "http://evil.example"), ("--project", "x")])
def test_a_saved_secret_never_goes_to_another_address(
    cli: Cli, api_server: ApiServer, option: tuple[str, str]
) -> None:
    save(cli, api_server, "default")

    for words in ((*LIST, *option), (*LIST, "--profile", "default", *option)):
        done = cli(*words)
        assert done.code == 2
        assert done.err.count("\n") == 1
    assert api_server.seen == []
