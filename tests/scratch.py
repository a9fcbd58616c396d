"""Temporary files of the tests are in memory, where a machine has room for them there.

The product lets each commit of SQLite wait for the disk, since what was answered once must outlive
a power cut. No test cuts the power of its own machine, and what a killed process has written is
there in memory as well: on a disk the suite would wait some milliseconds for each of its commits
and see nothing else. A test that passed gives its room back (`tmp_path_retention_policy`).

Whoever sets TMPDIR has the files there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - what tests make in it are folders with names of their own
ROOM = 4 << 30  # bytes free; the suite takes less than a tenth


def pytest_configure() -> None:
    """Choose where this process, and those that it starts, have temporary files."""
    if "TMPDIR" not in os.environ and _is_fit(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # is found anew


def _is_fit(folder: Path) -> bool:
    """Tell whether tests can write into a folder, run programs from it, and have room."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    runs_programs = not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return runs_programs and shutil.disk_usage(folder).free >= ROOM
