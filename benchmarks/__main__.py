"""`python -m benchmarks`: load each kind into each engine, ours and the peer in turns; print."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.data import KINDS, write
from benchmarks.places import Place, places

ROWS, REPEATS = 200_000, 3
OURS, PEER = "product", "script"
LIBRARIES = ("polars", "numpy", "sqlalchemy", "psycopg")
LINE = "{:<11} {:<10} {:>14} {:>13} {:>7} {:>10} {:>9}"
HEAD = LINE.format("engine", "kind", "ours, rows/s", "peer, rows/s", "ratio", "ours, MiB", "peer")
EXPLAINED = f"""
ratio: rows per second of ours divided by those of the peer, more is better; MiB: peak memory of the
whole process. The peer is {PEER}.py beside this file: it converts row by row and leaves out faults,
ids, resuming and the ledger. SQLite syncs every commit for both, PostgreSQL for neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One load: how long it took, and how much memory."""

    seconds: float
    peak_bytes: int
    rows: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="rows per file")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="loads per figure")
    asked = parser.parse_args()
    print(f"{asked.rows} rows per file, medians of {asked.repeats}")
    print(f"on {_machine()}")
    with tempfile.TemporaryDirectory(prefix="importmgr_bench_") as name:
        folder = Path(name)
        for kind_name, kind in KINDS.items():
            write(kind, folder / f"{kind_name}.csv", asked.rows)
        with places(folder) as found:
            print(f"with {_versions(found)}\n\n{HEAD}", flush=True)
            for place in found:
                for kind_name in KINDS:
                    compare(place, kind_name, folder / f"{kind_name}.csv", asked)
    print(EXPLAINED)


def compare(place: Place, kind: str, file: Path, asked: argparse.Namespace) -> None:
    """Load one file into new databases, ours and the peer's in turns; print a line."""
    found: dict[str, list[Measured]] = {OURS: [], PEER: []}
    for _ in range(asked.repeats):
        for who, measured in found.items():
            measured.append(_measure(who, kind, place.new(), file))
    rows = {one.rows for measured in found.values() for one in measured}
    assert rows == {asked.rows}, f"{place.name} {kind}: {rows} rows instead of {asked.rows}"
    ours, peer = (
        statistics.median(asked.rows / one.seconds for one in found[who]) for who in (OURS, PEER)
    )
    ours_peak, peer_peak = (
        statistics.median(one.peak_bytes for one in found[who]) / (1 << 20) for who in (OURS, PEER)
    )
    figures = (f"{ours:,.0f}", f"{peer:,.0f}", f"{ours / peer:.2f}")
    print(
        LINE.format(place.name, kind, *figures, f"{ours_peak:.0f}", f"{peer_peak:.0f}"), flush=True
    )


def _measure(who: str, kind: str, url: str, file: Path) -> Measured:
    """Load in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one", who, kind, url, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{who} could not load {kind}:\n{done.stderr}")
    return Measured(**json.loads(done.stdout))


def _machine() -> str:
    """Describe the machine, as far as it tells."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2] for line in info.read_text().splitlines() if "name" in line]
        cpu = names[-1].strip() if names else cpu
    return f"{cpu}, {os.cpu_count()} processors, {platform.system()} {platform.release()}"


def _versions(found: list[Place]) -> str:
    """Name every version that matters."""
    named = [f"Python {platform.python_version()}"]
    named += [f"{place.name} {place.version}" for place in found]
    return ", ".join([*named, *(f"{name} {version(name)}" for name in LIBRARIES)])


if __name__ == "__main__":
    main()
