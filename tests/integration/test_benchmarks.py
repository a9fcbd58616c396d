"""The benchmarks: they run, and both parties load every row."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.service import ROOT


@pytest.mark.slow
def test_both_parties_load_every_row_of_every_kind() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rows", "500", "--repeats", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    measured = [line[1] for line in lines if line and line[0] == "SQLite"]
    assert measured == ["customers", "items", "events"]
