"""On what was measured: machine, system, versions."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import ROOT
from benchmarks.places import Place

OURS = ("polars", "numpy", "orjson", "sqlalchemy", "psycopg")
PEERS = ("dlt", "duckdb", "pandas", "pyarrow")
GIB = 1 << 30


def described(places: Sequence[Place], command: str, what: str) -> list[str]:
    """Return everything one needs to know to measure the same again, as a list of Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{place.name} {place.version}" for place in places]
    versions += [f"{name} {version(name)}" for name in OURS]
    return [
        f"- {datetime.now(tz=UTC):%Y-%m-%d}, `{command}`: {what}",
        f"- {_processor()}, {os.cpu_count()} processors, {memory:.0f} GiB of memory, {_system()}",
        f"- {', '.join([*versions, *_programs(), *_peers()])}",
        *(f"- {place.name}: {place.settings}" for place in places),
        "",
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"^model name\s*: (.*)", info.read_text(), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def _system() -> str:
    """Return the distribution, where there is one, and the kernel."""
    kernel = f"{platform.system()} {platform.release()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except OSError:
        return kernel


def _programs() -> list[str]:
    """Return the versions of the shells that load in bulk."""
    found = []
    for program in ("psql", "sqlite3"):
        if shutil.which(program):
            said = subprocess.run(
                [program, "--version"], capture_output=True, text=True, check=True
            )
            number = re.search(r"\d+\.[\d.]+", said.stdout)
            found.append(f"{program} {number[0] if number else '?'}")
    return found


def _peers() -> list[str]:
    """Return the versions of the peers, by what is installed in their environment."""
    folders = list((ROOT / ".venv-bench").glob("lib/python*/site-packages"))
    names = {name: list(folders[0].glob(f"{name}-*.dist-info")) for name in PEERS if folders}
    return [
        f"{name} {found[0].name.removesuffix('.dist-info').rpartition('-')[2]}"
        for name, found in names.items()
        if found
    ]
