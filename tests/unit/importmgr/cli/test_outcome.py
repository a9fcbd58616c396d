"""How a command ends."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from definitions.errors import (
    FormatError,
    ImportmgrError,
    InvalidError,
    LimitError,
    NotFoundError,
    SettingsError,
    StoreBusyError,
    TemporaryError,
)
from importmgr.cli.outcome import Root
from tests.unit.importmgr.cli.conftest import Cli


@click.group(cls=Root)
@click.option("--traceback", is_flag=True)
def program(*, traceback: bool) -> None:
    """A program whose only command does as it is told."""


def ending(error: BaseException | int | None, *words: str) -> tuple[int, str]:
    @program.command("work", help="Work.")
    def work() -> int | None:
        if isinstance(error, BaseException):
            raise error
        return error

    done = CliRunner().invoke(program, [*words, "work"], prog_name="program")
    return done.exit_code, done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidError({"name": ["is missing"]}), 2),
        (NotFoundError("there is no import 'x'"), 2),
        (SettingsError("unknown setting IMPORTMGR_PRT: did you mean IMPORTMGR_PORT?"), 2),
        (TemporaryError("no answer"), 3),
        (StoreBusyError("the database is locked"), 3),
        (LimitError("too many requests"), 3),
        (FormatError("there is no header"), 1),
    ],
)
def test_an_error_raised_on_purpose_is_one_line_and_its_code(
    error: ImportmgrError, code: int
) -> None:
    assert ending(error) == (code, f"error: {error}\n")


def test_what_a_command_returns_is_its_exit_code() -> None:
    assert ending(None) == (0, "")
    assert ending(1) == (1, "")


def test_an_interrupted_command_ends_with_130() -> None:
    code, err = ending(KeyboardInterrupt())

    assert code == 130
    assert err.strip() == ""


def test_an_unexpected_error_tells_its_name_and_nothing_it_may_hold() -> None:
    code, err = ending(ValueError("password geheim"))

    assert code == 1
    assert (
        err == "error: unexpected ValueError; `importmgr --traceback …` shows where it came from\n"
    )


def test_the_traceback_is_there_for_who_asks() -> None:
    with pytest.raises(ValueError, match="where"):
        _raise_through(["--traceback", "work"])


def test_a_file_that_cannot_be_used_is_named() -> None:
    code, err = ending(PermissionError(13, "Permission denied", "/data/x"))

    assert (code, err) == (1, "error: /data/x: permission denied\n")


def test_a_full_disk_is_told_where_no_file_is_named() -> None:
    assert ending(OSError(28, "No space left on device")) == (
        1,
        "error: no space left on device\n",
    )


def test_an_error_of_several_lines_is_shown_as_one() -> None:
    assert ending(TemporaryError("a\nb\x1b[2J"))[1] == "error: a\\nb\\x1b[2J\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["nothing"], "error: no such command 'nothing'"),
        (["runs", "show"], "error: missing argument 'DEFINITION_ID'"),
        (["serve", "--port", "1"], "error: no such option '--port'"),
        (["runs", "list", "x", "--last", "0"], "error: invalid value for '--last'"),
    ],
)
def test_a_wrong_call_is_one_line_that_points_to_the_help(
    cli: Cli, words: list[str], text: str
) -> None:
    done = cli(*words)

    assert done.code == 2
    assert done.err.startswith(text)
    assert done.err.endswith("--help`\n")
    assert done.err.count("\n") == 1


def test_a_group_without_a_command_shows_its_help(cli: Cli) -> None:
    done = cli("runs")

    assert done.code == 2
    assert "watch" in done.err


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "importmgr", "settings"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()

    assert (process.returncode, err) == (141, b"")


def _raise_through(words: list[str]) -> None:
    @program.command("work", help="Work.")
    def work() -> None:
        msg = "where"
        raise ValueError(msg)

    CliRunner().invoke(program, words, catch_exceptions=False)
