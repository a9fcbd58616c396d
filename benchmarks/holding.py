"""Whether memory stays flat and cost grows with the rows alone."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.measuring import BenchmarkError
from benchmarks.parties.base import Party
from benchmarks.parties.own import Ours
from benchmarks.parties.prepared import Prepared
from benchmarks.workshop import NOTHING_SET, Workshop, check, work
from importmgr.settings import Settings, env_name

MIB, GIB = 1 << 20, 1 << 30
BYTES_PER_ROW = 280  # of a file of items, roughly
LARGE = 5 * GIB
AIM_MIB, AIM_GROWTH = 320, 1.10
BATCH_BYTES = env_name("batch_bytes")
SMALL_BATCH: Mapping[str, str] = {BATCH_BYTES: str(MIB)}

Tell = Callable[[str], None]
MEMORY_HEAD = [
    f"Peak memory of the process that loads; the aim is {AIM_MIB} MiB at the default batch.",
    "",
    "| engine | file, MB | rows | batch, MiB | seconds | rows/s | peak MiB |",
    "|---|--:|--:|--:|--:|--:|--:|",
]
LINEAR_HEAD = [
    f"Cost per row as files grow; the aim is a growth of at most {AIM_GROWTH:.2f}. What the bulk",
    "command's own cost per row grows by is the database's share in it.",
    "",
    "| engine | | rows | loads | seconds | µs per row | growth |",
    "|---|---|--:|--:|--:|--:|--:|",
]


def require_room(folder: Path, size: int) -> None:
    """Raise `BenchmarkError` unless a folder's disk has room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < size:
        msg = f"{folder} has {free / GIB:.0f} GiB free, {size / GIB:.0f} are needed: see --work"
        raise BenchmarkError(msg)


def memory(shop: Workshop, tell: Tell, *, spare: bool = False) -> list[str]:
    """Return lines with the peak of loading a file of items, at the default batch and at less.

    To `spare` the disk, the file is removed once it is in the spool, and loaded once.
    """
    lines = []
    for settings in (NOTHING_SET,) if spare else (NOTHING_SET, SMALL_BATCH):
        path, truth = shop.files.path("items"), shop.files.truth("items")
        size = path.stat().st_size
        home = shop.start(())
        definition_id = shop.queue(home, "items")
        if spare:
            path.unlink()
        done = work(home, settings)
        check(done, home, definition_id, truth)
        shop.place.drop(home)
        batch = batch_of(settings)
        peak, rate = done.peak_bytes / MIB, truth.rows / done.seconds
        tell(f"  {size / 1e6:,.0f} MB, MiB per batch {batch}: {peak:.0f} MiB")
        figures = f"{batch} | {done.seconds:.1f} | {rate:,.0f} | {peak:.0f}"
        lines.append(f"| {shop.place.name} | {size / 1e6:,.0f} | {truth.rows:,} | {figures} |")
    return lines


def batch_of(settings: Mapping[str, str]) -> str:
    """Return how many MiB of input a batch has, and whether that is the default."""
    default = Settings().batch_bytes
    size = int(settings.get(BATCH_BYTES, default))
    return f"{size / MIB:g}{' (default)' if size == default else ''}"


def linear(small: Workshop, large: Workshop, repeats: int, tell: Tell) -> list[str]:
    """Return lines with the cost per row of a small and of a large file, ours and in bulk."""
    lines = []
    parties: dict[str, Party] = {
        "importmgr": Ours(file="items"),
        "bulk command": Prepared(file="items"),
    }
    for name, party in parties.items():
        first: float | None = None
        for shop, loads in ((small, repeats), (large, 1)):
            figures = [party.measure(shop) for _ in range(loads)]
            timed = [figure.seconds for figure in figures if figure.seconds is not None]
            seconds = statistics.median(timed)
            rows = shop.files.truth("items").rows
            each = seconds / rows * 1e6
            growth = "1.00" if first is None else f"{each / first:.2f}"
            first = first or each
            tell(f"  {shop.place.name}, {name}, {rows:,} rows: {seconds:.1f} s")
            cells = (f"{rows:,}", str(loads), f"{seconds:.1f}", f"{each:.2f}", growth)
            lines.append(f"| {shop.place.name} | {name} | {' | '.join(cells)} |")
    return lines
