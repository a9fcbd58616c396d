"""Processes that work beside the one that measures: started, watched, ended."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
USER_AND_SYSTEM = slice(11, 13)  # of /proc/PID/stat, behind the name


@contextmanager
def workers(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[list[int]]:
    """Start a command that says `ready` and its processes; yield these, and end them."""
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        found = [int(word) for word in process.stdout.readline().split()[1:]]
        try:
            yield found
        finally:
            for worker in found:
                if lives(worker):
                    os.kill(worker, signal.SIGKILL)


def used(processes: Sequence[int]) -> float:
    """Return the processor seconds that those which live have used."""
    fields = [_status(process)[USER_AND_SYSTEM] for process in processes]
    return sum(int(field) for pair in fields for field in pair) / TICKS


def lives(process: int) -> bool:
    """Tell whether a process is there and has not ended."""
    status = _status(process)
    return bool(status) and status[0] != "Z"


def _status(process: int) -> list[str]:
    path = Path(f"/proc/{process}/stat")
    return path.read_text().rpartition(")")[2].split() if path.exists() else []
