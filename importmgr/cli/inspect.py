"""`importmgr inspect`."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from definitions.errors import ImportmgrError, InvalidError, TemporaryError
from importmgr.cli.inside import read_settings
from importmgr.cli.inspection_json import document, failed
from importmgr.cli.inspection_text import fault_lines, show
from importmgr.cli.outcome import LATER, WRONG, say, why
from importmgr.cli.text import one_line, show_json

if TYPE_CHECKING:
    from importmgr.services.inspection import Inspection, Inspector, InspectTerms
    from importmgr.services.local_files import LocalFile, LocalFiles

SHOWN_ROWS = 10
MOST_ROWS = 100_000


@click.command()
@click.argument("inputs", metavar="FILE|URL...", nargs=-1, required=True)
@click.option("--rows", type=click.IntRange(0, MOST_ROWS), help="Show so many rows; else 10.")
@click.option("--all", "everything", is_flag=True, help="Profile, or write, every row.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the rows only, as CSV.")
@click.option(
    "--output-dir",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --csv: write a file of the same name there for each input.",
)
@click.option(
    "--format", "layout", metavar="JSON", help="How the files are written, as source.format; @FILE."
)
def inspect(
    inputs: tuple[str, ...],
    folder: Path | None,
    *,
    as_json: bool,
    as_csv: bool,
    **options: Any,  # noqa: ANN401 - click's own
) -> int:
    """Show what files are and what an import would read in them.

    - is stdin. It needs no service, no database and no definition. A malformed row is read as well
    as can be, and reported, unless --format says otherwise.
    """
    if as_json and as_csv:
        msg = "--json and --csv do not go together; leave one of them out"
        raise click.UsageError(msg)
    _check(inputs, folder, as_csv=as_csv, **options)
    session = _session(**options)
    if as_csv:
        return _write_csv(session, inputs, folder)
    return _print_json(session, inputs) if as_json else _print_text(session, inputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """One call of the command: what opens files, what looks at them, and what is wanted."""

    files: LocalFiles
    inspector: Inspector
    terms: InspectTerms
    traceback: bool

    def look(self, file: LocalFile) -> Inspection:
        """Return what is in a file."""
        return self.inspector.inspect(file, self.terms)

    def document(self, file: LocalFile) -> dict[str, Any]:
        """Return what is in a file, for other programs."""
        return document(self.look(file))


def _check(
    inputs: Sequence[str],
    folder: Path | None,
    *,
    as_csv: bool,
    rows: int | None,
    everything: bool,
    **_: object,
) -> None:
    """Refuse options that do not go together."""
    if folder is not None and not as_csv:
        msg = "--output-dir goes with --csv"
        raise click.UsageError(msg)
    if as_csv and folder is None and len(inputs) > 1:
        msg = "several files as CSV would run into each other; write them to --output-dir DIR"
        raise click.UsageError(msg)
    if as_csv and everything and rows is not None:
        msg = "--all --csv writes every row; leave out --rows, or --all"
        raise click.UsageError(msg)


def _session(*, rows: int | None, everything: bool, layout: str | None) -> _Session:
    from importmgr.clock import SystemClock  # noqa: PLC0415 - light start
    from importmgr.identity import SystemIdentity  # noqa: PLC0415 - light start
    from importmgr.services.inspection import (  # noqa: PLC0415 - light start
        Inspector,
        InspectTerms,
        layout_of,
    )
    from importmgr.services.local_files import LocalFiles  # noqa: PLC0415 - light start
    from importmgr.world import World  # noqa: PLC0415 - light start

    settings = read_settings()
    world = World(clock=SystemClock(), identity=SystemIdentity())
    return _Session(
        files=LocalFiles(settings, world, _stdin()),
        inspector=Inspector(settings),
        terms=InspectTerms(
            layout=layout_of(_given(layout)),
            rows=SHOWN_ROWS if rows is None else rows,
            everything=everything,
        ),
        traceback=click.get_current_context().find_root().params["traceback"],
    )


def _stdin() -> io.BufferedIOBase:
    """Return what is piped in; nothing where there is no stdin at all."""
    stream = sys.stdin.buffer if sys.stdin else None
    return stream if isinstance(stream, io.BufferedIOBase) else io.BytesIO()


def _given(layout: str | None) -> object:
    """Return the JSON of --format, which `@FILE` takes from a file."""
    if layout is None:
        return {}
    try:
        text = Path(layout[1:]).read_text(encoding="utf-8") if layout[:1] == "@" else layout
        return json.loads(text)
    except OSError as exc:
        reason = (exc.strerror or "cannot be read").lower()
        raise InvalidError({"format": [f"{layout[1:]!r}: {reason}"]}) from exc
    except ValueError as exc:
        raise InvalidError({"format": [f"is not JSON: {exc}"]}) from exc


def _print_text(session: _Session, inputs: Sequence[str]) -> int:
    failures = []
    for number, where in enumerate(inputs):
        if number:
            click.echo()
        failures.append(_attempt(session, where, lambda file: show(session.look(file))))
    return _code(failures)


def _print_json(session: _Session, inputs: Sequence[str]) -> int:
    """Print an object, or an array with an object for each of several inputs."""
    if len(inputs) == 1:
        failure = _attempt(session, inputs[0], lambda file: show_json(session.document(file)))
        return _code([failure])
    failures = []
    click.echo("[")
    for number, where in enumerate(inputs, start=1):
        found, failure = _document(session, where)
        failures.append(failure)
        text = json.dumps(found, indent=2, ensure_ascii=False)
        click.echo(f"{text}," if number < len(inputs) else text)
    click.echo("]")
    return _code(failures)


def _document(session: _Session, where: str) -> tuple[dict[str, Any], Exception | None]:
    """Return what is in an input, or what stands for it when it cannot be read, and why."""
    from importmgr.services.local_files import shown_name  # noqa: PLC0415 - light start

    found: list[dict[str, Any]] = []
    failure = _attempt(session, where, lambda file: found.append(session.document(file)))
    if failure is None:
        return found[0], None
    return failed(shown_name(where), why(failure)), failure


def _write_csv(session: _Session, inputs: Sequence[str], folder: Path | None) -> int:
    from importmgr.services.outputs import targets_in  # noqa: PLC0415 - light start

    targets = [None] if folder is None else targets_in(folder, inputs)
    pairs = zip(inputs, targets, strict=True)
    return _code([_attempt(session, where, partial(_copy, session, to)) for where, to in pairs])


def _copy(session: _Session, target: Path | None, file: LocalFile) -> None:
    """Write a file's rows to `target`, or to stdout, and its malformed rows to stderr."""
    from importmgr.services.outputs import whole_file  # noqa: PLC0415 - light start

    stdout = sys.stdout.buffer
    with whole_file(target) if target else nullcontext(stdout.write) as write:
        copied = session.inspector.copy(file, session.terms, write)
    stdout.flush()
    if file.is_empty:
        click.echo(one_line(f"{file.name}: the file is empty, there are no rows"), err=True)
    if copied.doubt:
        click.echo(one_line(f"{file.name}: {copied.doubt}"), err=True)
    for line in fault_lines(file.name, copied.faults, copied.fault_count):
        click.echo(line, err=True)


def _attempt(session: _Session, where: str, act: Callable[[LocalFile], object]) -> Exception | None:
    """Do something with an input; say why if that fails, so that the others go on."""
    from importmgr.services.local_files import shown_name  # noqa: PLC0415 - light start

    try:
        with session.files.open(where) as file:
            act(file)
    except BrokenPipeError:  # nobody wants to see the others either
        raise
    except Exception as exc:
        if session.traceback and not isinstance(exc, ImportmgrError):
            raise
        say(f"{shown_name(where)}: {why(exc)}")
        return exc
    return None


def _code(failures: Iterable[Exception | None]) -> int:
    """Return the exit code of inputs that may have failed."""
    real = [failure for failure in failures if failure is not None]
    if not real:
        return 0
    return LATER if all(isinstance(failure, TemporaryError) for failure in real) else WRONG
