"""Processes that work beside: who they are, what they use, when they have ended."""

from __future__ import annotations

import os
import sys

from benchmarks.processes import lives, used, workers

COUNTING = "import os, time; print('ready', os.getpid(), flush=True); time.sleep(60)"


def test_a_worker_is_known_watched_and_ended() -> None:
    with workers([sys.executable, "-c", COUNTING], {}) as found:
        (worker,) = found
        alive = lives(worker)

    assert alive
    assert not lives(worker)
    assert used([worker]) == 0


def test_what_a_process_uses_grows() -> None:
    before = used([os.getpid()])
    while used([os.getpid()]) < before + 0.02:
        sum(range(10_000))

    assert lives(os.getpid())
