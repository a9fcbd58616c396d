"""The watch over secrets sees them come out, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from definitions.errors import RequestError
from tests.canary import KNOWN, Watch, watch
from tests.house import tree

SECRET = "nobody-may-read-this"
LEAKS = """
import logging

from tests.canary import watch

def test_into_a_log():
    watch.takes("nobody-may-read-this")
    logging.getLogger("leaking").warning("login with %s", "nobody-may-read-this")

def test_into_a_database(tmp_path):
    watch.takes("nobody-may-read-this")
    (tmp_path / "importmgr.db").write_bytes(b"x nobody-may-read-this x")

def test_into_a_database_of_a_fixture(request):
    watch.takes("nobody-may-read-this")
    folder = request.getfixturevalue("tmp_path")
    (folder / "fixture.db").write_bytes(b"x nobody-may-read-this x")

def test_into_nothing(tmp_path):
    watch.takes("nobody-may-read-this")
    (tmp_path / "importmgr.db").write_bytes(b"x")
"""


def test_a_secret_that_comes_out_is_found_and_not_shown(tmp_path: Path) -> None:
    own = Watch()
    own.takes_from({"source": {"auth": {"username": "crm", "password": SECRET}}})
    (tmp_path / "importmgr.db").write_bytes(b"x" + SECRET.encode())
    (tmp_path / "notes.txt").write_text(SECRET)
    own.tells("log of a", f"login with {SECRET}")
    own.tells("log of b", "login with ***")

    assert own.leaks() == ["log of a"]
    own.looks_into(tmp_path)

    assert own.leaks() == [str(tmp_path / "importmgr.db"), "log of a"]


def test_words_and_sealed_secrets_are_none() -> None:
    own = Watch()
    for word in ("password", "sealed:v1:nobody-may-read-this", *KNOWN):
        own.takes(word)

    assert own.secrets == set()


def test_only_what_a_test_added_to_a_log_is_its_own(tmp_path: Path) -> None:
    own, log = Watch(), tmp_path / "service.log"
    own.takes(SECRET)
    assert own.leaks_in_log(log) == []
    log.write_text(SECRET)

    assert own.leaks_in_log(log) == ["log service.log"]
    assert own.leaks_in_log(log) == []


def test_a_table_is_looked_through_in_the_forms_that_postgresql_writes() -> None:
    lines = "nobody\nmay-read"
    in_json = json.dumps({"a": lines}).replace("\\", "\\\\")
    for stored in (SECRET, SECRET.encode().hex(), lines.replace("\n", "\\n"), in_json):
        own = Watch()
        own.takes(SECRET)
        own.takes(lines)
        own.looks_at("table a", f"1\t{stored}\n".encode())
        own.looks_at("table b", b"1\tnothing\n")

        assert own.leaks() == ["table a"], stored


def test_a_leak_fails_the_run_of_all_tests(tmp_path: Path) -> None:
    """In a folder of its own: one test leaks into a log, two into files, one into nothing."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.canary"]\n')
    (tmp_path / "test_leaks.py").write_text(LEAKS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]

    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tree.ROOT,
        env={**os.environ, "PYTHONPATH": str(tree.ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 1, done.stdout
    assert "4 passed, 3 errors" in done.stdout
    assert "a secret stands in the clear in: log of leaking" in done.stdout
    assert "importmgr.db" in done.stdout
    assert "fixture.db" in done.stdout


def test_every_test_is_watched() -> None:
    RequestError("seen by the watch")

    assert ("text of RequestError", "seen by the watch") in watch.texts
