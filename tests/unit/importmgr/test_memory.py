from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys

import pytest

from importmgr.memory import (
    OF_ALGEBRA,
    OF_COLUMNS,
    OF_OTHERS,
    SPARING,
    nothing_is_garbage,
    share_heaps,
    spare_memory,
)

HEAPS = """
import ctypes, os, threading
from importmgr.memory import share_heaps
share_heaps(os.environ)
ready, held = threading.Barrier(7), threading.Barrier(7)
def hold():
    ready.wait()
    piece = bytes(100_000)
    held.wait()
threads = [threading.Thread(target=hold) for _ in range(6)]
for thread in threads: thread.start()
ready.wait()
held.wait()
ctypes.CDLL(None).malloc_stats()
"""
ON_GLIBC = platform.libc_ver()[0] == "glibc"


def test_libraries_are_asked_to_spare_before_they_are_imported() -> None:
    environment: dict[str, str] = {}
    spare_memory(environment)
    assert environment == {OF_COLUMNS: SPARING, OF_ALGEBRA: "1"}


def test_what_an_operator_says_stays() -> None:
    environment = {OF_COLUMNS: "narenas:7", OF_ALGEBRA: "3", OF_OTHERS: "7"}
    spare_memory(environment)
    assert (environment[OF_COLUMNS], environment[OF_ALGEBRA]) == ("narenas:7", "3")
    assert not share_heaps(environment)


@pytest.mark.skipif(not ON_GLIBC, reason="only glibc gives each thread a heap")
@pytest.mark.parametrize(("said", "are_few"), [(None, True), ("16", False)])
def test_threads_share_two_heaps(said: str | None, are_few: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != OF_OTHERS}
    environment |= {} if said is None else {OF_OTHERS: said}
    told = subprocess.run(
        [sys.executable, "-c", HEAPS], env=environment, capture_output=True, text=True, check=True
    )
    assert (told.stderr.count("Arena ") <= 2) is are_few


def test_garbage_is_looked_for_again_after_a_start_but_not_among_what_it_made() -> None:
    before = gc.get_freeze_count()
    with nothing_is_garbage():
        made = [[number] for number in range(1000)]
        assert not gc.isenabled()

    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(made)
