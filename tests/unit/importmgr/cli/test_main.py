"""The tree of commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from importmgr.cli import main
from tests.unit.importmgr.cli.conftest import Cli

HEAVY = ("polars", "flask", "sqlalchemy", "requests", "cryptography", "structlog")


def output_and_imported(words: list[str], names: tuple[str, ...]) -> tuple[str, str]:
    """Return what a command prints, and which modules of these names it imported."""
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([n for n in {names!r} if n in sys.modules]))\n"
        "from importmgr.cli import main\n"
        f"main({words!r}, prog_name='importmgr')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *lines, imported = done.stdout.splitlines()
    return "\n".join(lines), imported


@pytest.mark.parametrize(
    "words", [[], ["definitions", "run"], ["db", "upgrade"], ["demo"], ["webhook", "create"]]
)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    output, imported = output_and_imported([*words, "--help"], HEAVY)

    assert output.startswith(f"Usage: importmgr {' '.join(words)}".strip())
    assert imported == "[]"


def test_looking_at_a_file_brings_neither_database_nor_schemas(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("a,b\n1,2\n")
    heavy = ("flask", "sqlalchemy", "requests", "cryptography", "marshmallow")
    words = ["inspect", "--all", "--csv", str(tmp_path / "f.csv")]

    assert output_and_imported(words, heavy) == ("a,b\n1,2", "[]")


def test_the_exit_codes_are_told(cli: Cli) -> None:
    assert "Exit codes: 0 done, 1 the run failed" in cli("--help").out


@pytest.mark.parametrize(("value", "colour"), [("1", False), ("", True)])
def test_no_color_is_respected(value: str, colour: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", value)

    done = CliRunner().invoke(main, ["runs", "list", "x", "--url", "?"], color=True)

    assert done.exit_code == 2
    assert done.stderr.startswith("\x1b[" if colour else "error: give --url")
