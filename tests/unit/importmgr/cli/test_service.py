"""`importmgr serve` and `importmgr settings`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.importmgr.cli.conftest import Cli


def test_settings_are_shown_with_those_that_were_set(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPORTMGR_PORT", "9999")

    lines = cli("settings").out.splitlines()
    (port,) = [line.split() for line in lines if line.startswith("IMPORTMGR_PORT ")]
    as_json = {row["name"]: row for row in json.loads(cli("settings", "--json").out)}

    assert port == ["IMPORTMGR_PORT", "set", "9999"]
    assert as_json["IMPORTMGR_PORT"] == {
        "name": "IMPORTMGR_PORT",
        "value": "9999",
        "default": False,
    }
    assert as_json["IMPORTMGR_HOST"]["default"] is True


def test_secrets_among_the_settings_are_masked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTMGR_DATABASE_URL", "postgresql://me:geheim@db/x")
    monkeypatch.setenv("IMPORTMGR_MASTER_KEY", "geheim")

    shown = cli("settings").out + cli("settings", "--json").out

    assert "geheim" not in shown
    assert "postgresql://me:***@db/x" in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_says_where_it_is_and_stops_when_asked(
    tmp_path: Path, number: signal.Signals
) -> None:
    environ = {**os.environ, "IMPORTMGR_DATA_DIR": str(tmp_path), "IMPORTMGR_PORT": "0"}
    command = [sys.executable, "-m", "importmgr", "serve"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as p:
        assert p.stdout is not None
        ready = p.stdout.readline().decode()
        p.send_signal(number)
        out, err = p.communicate(timeout=30)

    assert ready.startswith("importmgr is ready on http://127.0.0.1:")
    assert (p.returncode, out) == (0, b"")
    assert b"Traceback" not in err


def test_a_port_in_use_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("IMPORTMGR_PORT", str(taken.getsockname()[1]))
        command = [sys.executable, "-m", "importmgr", "serve"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: cannot listen on 127.0.0.1:")
    assert cli("project", "list").code == 0


def test_a_role_of_its_own_needs_postgresql(cli: Cli) -> None:
    refused = cli("serve", "--role", "api", "--role", "ticker")
    unknown = cli("serve", "--role", "cook")

    assert refused.code == unknown.code == 2
    assert "roles 'api,ticker' need PostgreSQL" in refused.err
    assert "'api', 'ticker', 'executor', 'all'" in unknown.err
