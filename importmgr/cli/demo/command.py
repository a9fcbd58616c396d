"""The command `importmgr demo`."""

# tested by: tests/integration/test_demo.py

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from types import FrameType
from typing import Never

import click

from definitions.errors import ImportmgrError, SettingsError
from importmgr.cli.demo.process import ServiceProcess
from importmgr.cli.outcome import FAILED, say
from importmgr.cli.text import one_line

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
LOG_LINES = 20
TERMINATED = 128 + signal.SIGTERM


@click.command()
def demo() -> int:
    """Show an import working from end to end, on sample data.

    It starts the service on a free port with a temporary data folder, imports the files in
    examples/, shows what arrived and what was rejected and why, and leaves nothing behind.
    """
    from importmgr.cli.demo.story import tell  # noqa: PLC0415 - light start

    if not EXAMPLES.is_dir():
        msg = f"the demo needs the sample data in {str(EXAMPLES)!r}: run it in the source tree"
        raise SettingsError(msg)
    signal.signal(signal.SIGTERM, _leave)  # so that the clean-up happens then too
    with tempfile.TemporaryDirectory(prefix="importmgr-demo-") as folder:
        service = ServiceProcess(Path(folder))
        try:
            with service:
                return tell(service, EXAMPLES)
        except ImportmgrError as exc:
            return _explain(exc, service)


def _leave(_number: int, _frame: FrameType | None) -> Never:
    raise SystemExit(TERMINATED)


def _explain(error: ImportmgrError, service: ServiceProcess) -> int:
    """Say what went wrong and show the end of the service's log."""
    say(f"the demo stopped: {error}")
    click.echo("the end of the service's log:", err=True)
    for line in service.log_lines()[-LOG_LINES:]:
        click.echo(f"  {one_line(line)}", err=True)
    return FAILED
