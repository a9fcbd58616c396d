from __future__ import annotations

import os
import subprocess
import sys

from importmgr.processors import VARIABLE, share_processors


def test_half_of_the_processors_are_left_to_others() -> None:
    environment: dict[str, str] = {}
    share_processors(environment)
    assert 1 <= int(environment[VARIABLE]) <= max(1, (os.cpu_count() or 1) // 2)


def test_what_an_operator_says_stays() -> None:
    environment = {VARIABLE: "7"}
    share_processors(environment)
    assert environment == {VARIABLE: "7"}


def test_the_column_engine_is_told_before_it_starts() -> None:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    code = "import importmgr.bootstrap, os, polars; print(polars.thread_pool_size())"

    asked = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    shared: dict[str, str] = {}
    share_processors(shared)
    assert asked.stdout.strip() == shared[VARIABLE]
