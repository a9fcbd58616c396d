"""Ctrl-C while the command still imports what it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

START = """
import runpy, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.argv[1:] = [sys.argv[1], "--help"]
runpy.run_module("importmgr", run_name="__main__", alter_sys=True)
"""


def run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("moment", ["importmgr.cli", "click"])
def test_ctrl_c_while_the_commands_are_imported_ends_in_one_line(moment: str) -> None:
    done = run(START, moment)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\n")
