"""The command line of one test: its own data folder, its own folder for configuration."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from importmgr.cli import main
from tests.api_server import ApiServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Cli: TypeAlias = Callable[..., Outcome]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """What runs a command, given as its words; `stdin` is its input."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("IMPORTMGR_DATA_DIR", str(tmp_path / "data"))

    def run(*words: str, stdin: str | None = None) -> Outcome:
        done = CliRunner().invoke(main, words, input=stdin, prog_name="importmgr")
        return Outcome(code=done.exit_code, out=done.stdout_bytes.decode(), err=done.stderr)

    return run


@pytest.fixture
def installed(migrated_sqlite: Path, tmp_path: Path) -> None:
    """The data folder as an earlier command has left it; making it takes longer than most tests."""
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(migrated_sqlite, tmp_path / "data" / "importmgr.db")


@pytest.fixture
def access(api_server: ApiServer) -> list[str]:
    """The options with which remote commands find the server of this test."""
    return ["--url", api_server.url, "--key-id", "k", "--secret", "geheim", "--project", "prj"]


@pytest.fixture
def run_document() -> dict[str, Any]:
    """A completed run with one fault, as the API tells it."""
    return {
        "run_id": "r1",
        "status": "completed",
        "trigger": "manual",
        "source_location": "http://files.example/a.csv",
        "created": 1767225600.0,
        "started": 1767225601.0,
        "finished": 1767225602.0,
        "rows_total": 10,
        "rows_processed": 10,
        "rows_created": 6,
        "rows_updated": 2,
        "rows_unchanged": 1,
        "rows_failed": 1,
        "rows_skipped": 0,
        "errors": [
            {
                "file": "a.csv",
                "row": 3,
                "line": 4,
                "column": "age",
                "value": "x\x1b[2J",
                "code": "not_a_number",
                "message": "is not a number",
                "row_rejected": True,
            }
        ],
        "errors_total": 1,
        "warnings": ["column 'size' is not in the file"],
        "error": None,
        "reason": None,
    }
