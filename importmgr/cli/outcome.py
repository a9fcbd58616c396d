"""How a command ends: every error is one line on stderr and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Never

import click
from click.exceptions import Exit, NoArgsIsHelpError

from definitions.errors import (
    ImportmgrError,
    LimitError,
    RequestError,
    SettingsError,
    TemporaryError,
)
from importmgr.cli.text import colour, one_line

FAILED = 1
WRONG = 2
LATER = 3
WAITS = 4
INTERRUPTED = 130
PIPE_CLOSED = 141


class Root(click.Group):
    """The group at the top, where what a command raised becomes its exit code."""

    def main(self, *args: Any, **extra: Any) -> Never:  # noqa: ANN401 - click's own signature
        """Run the command line; leave with the number that the command returned, or 0."""
        options = {"color": colour(), **extra, "standalone_mode": False}
        try:
            result = super().main(*args, **options)
        except click.Abort:
            result = INTERRUPTED
        except click.ClickException as exc:
            result = _refuse(exc)
        sys.exit(result if isinstance(result, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the chosen command; catch whatever it raises."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, Exit):
            raise
        except ImportmgrError as exc:
            say(str(exc))
            return exit_code(exc)
        except BrokenPipeError:
            return _leave_the_pipe()
        except Exception as exc:
            if ctx.params["traceback"]:
                raise
            say(why(exc))
            return FAILED


def exit_code(error: ImportmgrError) -> int:
    """Return the exit code of an error raised on purpose."""
    match error:
        case LimitError() | TemporaryError():
            return LATER
        case RequestError() | SettingsError():
            return WRONG
        case _:
            return FAILED


def say(text: str) -> None:
    """Show what went wrong, in one line."""
    click.echo(f"{click.style('error:', fg='red')} {one_line(text)}", err=True, color=colour())


def _refuse(error: click.ClickException) -> int:
    """Say what is wrong with how the command was called."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return WRONG
    text = one_line(error.format_message()).rstrip(".")
    context = getattr(error, "ctx", None)
    hint = f"; see `{context.command_path} --help`" if context else ""
    say(text[:1].lower() + text[1:] + hint)
    return error.exit_code


def why(error: Exception) -> str:
    """Return what went wrong, without what an error that nobody foresaw may have held."""
    if isinstance(error, ImportmgrError):
        return str(error)
    if isinstance(error, OSError) and (error.strerror or error.filename is not None):
        reason = (error.strerror or "cannot be used").lower()
        return reason if error.filename is None else f"{error.filename}: {reason}"
    name = type(error).__name__
    return f"unexpected {name}; `importmgr --traceback …` shows where it came from"


def _leave_the_pipe() -> int:
    """Keep Python from complaining at its end that nobody reads what is left to write."""
    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return PIPE_CLOSED
