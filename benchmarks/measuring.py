"""Running a command in a process of its own and reading off time and memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STOPWATCH = Path(__file__).with_name("stopwatch.py")
LONGEST = 3_600.0  # seconds of one process
SAID = 4_000  # characters kept of what a process said last


class BenchmarkError(Exception):
    """A load that is ours, or what it is compared with, did not do what it must."""


class TooLongError(BenchmarkError):
    """A process took longer than it may and was ended."""


class SkippedError(Exception):
    """A line cannot be measured here; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run; the environment is added to a clean one."""

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one process took, how it ended and what it said on both outputs."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    code: int
    said: str


def measure(command: Command, longest: float = LONGEST) -> Measured:
    """Run a command and return what it took; raise `TooLongError` after `longest` seconds."""
    with tempfile.TemporaryDirectory(prefix="importmgr_watch_") as name:
        report, said = Path(name) / "report", Path(name) / "said"
        words = [sys.executable, "-I", "-S", str(STOPWATCH), str(report), *command.words]
        with said.open("wb") as output, (command.stdin or Path(os.devnull)).open("rb") as stdin:
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=_environment(command),
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            code = _wait(process, command, longest)
        text = said.read_text(encoding="utf-8", errors="replace")[-SAID:]
        if not report.exists():
            msg = f"{command.words[0]!r} could not be run: {text}"
            raise BenchmarkError(msg)
        return Measured(**json.loads(report.read_text()), code=code, said=text)


def run(command: Command) -> str:
    """Run a command whose time does not matter; raise `BenchmarkError` unless it succeeds."""
    done = measure(command)
    if done.code:
        msg = f"{' '.join(command.words)} ended with {done.code}: {done.said}"
        raise BenchmarkError(msg)
    return done.said


def _wait(process: subprocess.Popen[bytes], command: Command, longest: float) -> int:
    try:
        return process.wait(longest)
    except BaseException as exc:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(exc, subprocess.TimeoutExpired):
            raise
        msg = f"{' '.join(command.words)} took longer than {longest:.0f} s and was ended"
        raise TooLongError(msg) from None


def _environment(command: Command) -> dict[str, str]:
    """Return what every party gets: no setting of ours but those of the command."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "PYTHONNOUSERSITE")
    ours = {name: os.environ[name] for name in kept if name in os.environ}
    return ours | {"PYTHONPATH": str(ROOT)} | dict(command.environment)
