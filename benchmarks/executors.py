"""Executors in processes of their own, forked from one that has imported everything.

`python -m benchmarks.executors WAY PROCESSES [nothing]` with the settings in the environment.
`polling` looks every half second, as `listening` does every two seconds, beside being told. Each
process has two executors, as a service has. With `nothing` a run is claimed and finished, by the
product's own path, and no file is loaded.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importmgr.executing.control import Control
    from importmgr.store.runs import Claim

POLLING = {"polling": 0.5, "listening": 2.0}
THREADS = 2
MANY = 1000  # runs of the one project that there is


class Nothing:
    """An attempt without a file."""

    def __call__(self, claim: Claim, control: Control) -> None:
        """Load nothing."""

    def follow_up(self, run_id: str, go_on: Callable[[], bool]) -> None:
        """Owe nothing."""

    def fetched(self, run_id: str) -> int:
        """Fetch nothing."""
        del run_id
        return 0

    def forget(self, run_id: str) -> None:
        """Keep nothing."""


def main() -> None:
    """Be so many processes until killed."""
    from importmgr import bootstrap  # noqa: F401, PLC0415 - once for all of them

    way, count, nothing = sys.argv[1], int(sys.argv[2]), "nothing" in sys.argv[3:]
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            _work(way, number, nothing=nothing)
        children.append(child)
    print("ready", *children, flush=True)
    for child in children:
        os.waitpid(child, 0)


def _work(way: str, number: int, *, nothing: bool) -> None:
    """Work off what is queued, for ever."""
    from importmgr.bootstrap import build  # noqa: PLC0415 - imported already
    from importmgr.executing.pool import ExecutorPool  # noqa: PLC0415 - as above
    from importmgr.settings import Settings  # noqa: PLC0415 - as above

    read = Settings.from_environ(os.environ)
    folder = Path(read.data_dir) / f"executor-{number}"
    wiring = build(replace(read, data_dir=folder, poll_seconds=POLLING[way], max_running_runs=MANY))
    executor = wiring.executor(f"benchmark-{number}")
    if nothing:
        executor._attempt = Nothing()  # noqa: SLF001 - what is measured is all around it
    ExecutorPool(executor, THREADS).start()
    if way == "listening":
        wiring.listener().start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
