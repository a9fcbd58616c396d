"""What each command measures and writes down."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import comparing, forgetting, holding, lagging, machine, results, scaling, ticking
from benchmarks import hostile as hostile_files
from benchmarks import listing as looking
from benchmarks import queueing as queues
from benchmarks import sftp as fetching
from benchmarks.measuring import BenchmarkError
from benchmarks.places import Place, PostgresPlace
from benchmarks.polluted import reading
from benchmarks.scenarios import SECTIONS
from benchmarks.workshop import Files, Workshop, serving

BEGAN = time.monotonic()
TENFOLD = 10
MILLION = 1_000_000


def compare(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure every party of every table in turns."""
    terms = comparing.Terms(
        repeats=asked.repeats, quick=asked.quick, libraries=not asked.no_libraries
    )
    medians: dict[str, comparing.Medians] = {}
    tables: list[str] = []
    for place in found:
        with _workshop(place, folder, asked.rows) as shop:
            for section in SECTIONS:
                if section.engine == place.name and section.name in (asked.section or section.name):
                    _tell(section.title)
                    medians[section.name] = comparing.compare(section, shop, terms, _tell)
                    tables += comparing.table(section, medians[section.name], asked.rows)
    what = f"{asked.rows:,} rows per file, medians of {terms.repeats}"
    claims = comparing.claims(medians)
    _put("quick" if asked.quick else "compare", what, found, [*claims, *tables], asked.page)
    if asked.page == results.PAGE and len(medians) == len(SECTIONS) and not asked.quick:
        results.show([*_described(found, what), *claims])


def memory(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure the peak of loading a usual file and, if asked, a file of 5 GB."""
    lines = [*holding.MEMORY_HEAD]
    for place in found:
        with _workshop(place, folder, asked.rows) as shop:
            _tell(place.name)
            lines += holding.memory(shop, _tell)
    if asked.large:
        holding.require_room(folder, holding.LARGE * 14 // 5)
        with _workshop(found[0], folder, holding.LARGE // holding.BYTES_PER_ROW) as shop:
            _tell(f"{found[0].name}, large")
            lines += holding.memory(shop, _tell, spare=True)
    _put("memory", "one load per line", found, lines, asked.page)


def linear(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure the cost per row of a file and of one ten times as long."""
    holding.require_room(folder, asked.rows * TENFOLD * holding.BYTES_PER_ROW * 8)
    lines = [*holding.LINEAR_HEAD]
    for place in found:
        with (
            _workshop(place, folder, asked.rows) as small,
            _workshop(place, folder, asked.rows * TENFOLD) as large,
        ):
            lines += holding.linear(small, large, asked.repeats, _tell)
    _put("linear", f"medians of {asked.repeats}, the longer file once", found, lines, asked.page)


def hostile(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure files made to hurt, on the last engine there is."""
    place, lines = found[-1], [*hostile_files.HEAD]
    with _workshop(place, folder, asked.rows) as shop:
        for file in hostile_files.FILES:
            if asked.only not in file.title:
                continue
            lines.append(hostile_files.measure(shop, file, asked.rows / MILLION))
            _tell(lines[-1])
    _put("hostile", "one load per figure", [place], lines, asked.page)


def scheduler(asked: argparse.Namespace, _folder: Path, found: list[Place]) -> None:
    """Measure looking for due definitions and firing them, beside APScheduler's job store."""
    sizes = [size for size in ticking.SIZES if size <= asked.rows] or [asked.rows]
    lines = [*ticking.HEAD]
    for place in found:
        lines += ticking.measure(place, sizes, _tell)
    lines += lagging.HEAD
    for place in found:
        lines += lagging.measure(place, asked.rows, _tell)
    _put("scheduler", "one firing per figure", found, lines, asked.page)


def retention(asked: argparse.Namespace, _folder: Path, found: list[Place]) -> None:
    """Measure forgetting where there are so many runs."""
    lines = [*forgetting.HEAD]
    for place in found:
        lines += forgetting.measure(place, asked.rows, _tell)
    _put("retention", "one measurement per line", found, lines, asked.page)


def sftp(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure fetching a file as long as that of so many rows over SFTP."""
    lines = fetching.measure(asked.rows * holding.BYTES_PER_ROW, asked.repeats, folder)
    _put("sftp", f"medians of {asked.repeats}, in turns", found[:0], lines, asked.page)


def queueing(asked: argparse.Namespace, _folder: Path, found: list[Place]) -> None:
    """Measure how runs get from the queue to executors, beside procrastinate."""
    place = _postgresql(found)
    lines = queues.measure(place, place.crash, _tell)
    _put("queueing", "one measurement per figure", [place], lines, asked.page)


def scale(asked: argparse.Namespace, _folder: Path, found: list[Place]) -> None:
    """Measure what more executors bring for sources that are far away."""
    place = _postgresql(found)
    lines = scaling.measure(place, asked.rows, _tell)
    _put("scale", "one measurement per line", [place], lines, asked.page)


def _postgresql(found: list[Place]) -> PostgresPlace:
    """Return the server there is, or raise `BenchmarkError`."""
    for place in found:
        if isinstance(place, PostgresPlace):
            return place
    msg = "this is measured on PostgreSQL, which is not here"
    raise BenchmarkError(msg)


def listing(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure looking at folders of so many files."""
    lines = [*looking.HEAD]
    for line in looking.rows(asked.rows, folder):
        _tell(line)
        lines.append(line)
    _put("listing", "one look per line", found[:0], lines, asked.page)


def polluted(asked: argparse.Namespace, folder: Path, found: list[Place]) -> None:
    """Measure what is read of polluted files."""
    outcome = reading.measure(folder, reading.Terms(quick=asked.quick, tables=asked.table), _tell)
    part = "polluted_quick" if asked.quick else "polluted"
    _put(part, "one reading per file", found[:0], outcome.lines, asked.page)
    if asked.page == results.PAGE and part == "polluted" and not asked.table:
        results.show([outcome.sentence], mark=part)


@contextmanager
def _workshop(place: Place, folder: Path, rows: int) -> Iterator[Workshop]:
    """Yield a place with files of so many rows; files are shared by the places."""
    files = folder / f"files-{rows}"
    files.mkdir(exist_ok=True)
    with serving(files) as address:
        shop = Workshop(place=place, files=Files(folder=files, address=address, rows=rows))
        yield shop
        shop.close()


def _put(part: str, what: str, found: list[Place], lines: list[str], page: Path) -> None:
    """Print a part of the page and write it."""
    whole = [*_described(found, what), *lines]
    print("\n".join(whole))
    results.put(part, whole, page)


def _described(found: list[Place], what: str) -> list[str]:
    """Return what was measured by which command, when and on which machine."""
    return machine.described(found, f"python -m benchmarks {' '.join(sys.argv[1:])}", what)


def _tell(text: str) -> None:
    """Say on stderr how far the measuring is."""
    print(f"{time.monotonic() - BEGAN:6.0f} s  {text}", file=sys.stderr, flush=True)
