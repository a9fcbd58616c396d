"""Files to load, the same each time, each with the truth about what is wrong in it.

`python -m benchmarks.files FOLDER ROWS NAME...` writes them in a process of its own, so that the
memory of drawing does not stay with whoever measures.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from benchmarks.drawing import Marks, Numbers
from benchmarks.kinds import KINDS, Block, Kind

BLOCK = 50_000  # rows drawn at a time
MALFORMED, BAD_CELLS = 1e-4, 1e-3  # of the rows; of the cells that have a type
FAULTS_KEPT = 20_000  # in file order; more than the product keeps of a run
OTHERS = 1 << 31  # number of the first row that no file of ordinary rows has
BROKEN = b"\xee\x80\x80"  # a character of private use; stands for a byte that is no UTF-8

BAD = {
    "number": "12,5x",
    "boolean": "maybe",
    "date": "31/31/2024",
    "datetime": "2024-13-45T99:00",
    "list": "[1, 2",
    "json": '{"a":',
    "url": "not a url",
}


def all_of(numbers: Numbers) -> Marks:
    """Mark every row."""
    return np.ones(len(numbers), dtype=bool)


def none_of(numbers: Numbers) -> Marks:
    """Mark no row."""
    return np.zeros(len(numbers), dtype=bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A file: of which kind, with faults or without, and which rows have other values.

    `marked` are the rows that a load of this file is to treat in another way than the rest.
    """

    kind: str
    faulty: bool = True
    marked: Callable[[Numbers], Marks] = none_of
    changed: Callable[[Numbers], Marks] = none_of
    only: Callable[[Numbers], Marks] = all_of
    first: int = 0
    most: int | None = None


def a_fifth(numbers: Numbers) -> Marks:
    """Mark one row of five, scattered."""
    marks: Marks = (numbers * 2_654_435_761 >> 7) % 5 == 0
    return marks


def every_second(numbers: Numbers) -> Marks:
    """Mark every second row."""
    marks: Marks = numbers % 2 == 0
    return marks


EDITIONS = {
    "items": Edition(kind="items"),
    "items-clean": Edition(kind="items", faulty=False),
    "items-changed": Edition(kind="items", marked=a_fifth, changed=a_fifth),
    "items-replaced": Edition(kind="items", marked=all_of, changed=all_of),
    "items-other": Edition(kind="items", faulty=False, first=OTHERS, most=1),
    "events": Edition(kind="events"),
    "customers": Edition(kind="customers", marked=every_second),
    "customers-known": Edition(kind="customers", faulty=False),
    "customers-half": Edition(
        kind="customers", faulty=False, only=every_second, changed=every_second
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is in a file: rows, well-formed ones, marked ones among those, and what is wrong.

    `faults` are the first ones in file order as row, line and column (None: the row is malformed);
    `bad_cells` and the difference of `rows` and `well_formed` count all.
    """

    kind: str
    rows: int = 0
    well_formed: int = 0
    marked: int = 0
    bad_cells: int = 0
    lines: int = 1
    faults: tuple[tuple[int, int, str | None], ...] = ()

    @property
    def malformed(self) -> int:
        """Return how many rows cannot be read."""
        return self.rows - self.well_formed


def write(name: str, path: Path, rows: int) -> Truth:
    """Write an edition with `rows` rows (or as few as it has) and return the truth about it."""
    edition = EDITIONS[name]
    kind, total = KINDS[edition.kind], min(rows, edition.most or rows)
    truth = Truth(kind=edition.kind)
    with path.open("wb") as file:
        file.write((",".join(kind.columns) + "\n").encode())
        for number, first in enumerate(range(0, total, BLOCK)):
            numbers = np.arange(first, min(first + BLOCK, total), dtype=np.int64) + edition.first
            numbers = numbers[edition.only(numbers)]
            chance = np.random.default_rng([2026, number])
            block = Block(
                numbers=numbers, total=total, chance=chance, changed=edition.changed(numbers)
            )
            truth = _write_block(file, edition, block, truth)
    return truth


def truth_of(path: Path) -> Truth:
    """Return the truth about a file that was written by this module's command."""
    found = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return Truth(**found | {"faults": tuple(tuple(fault) for fault in found["faults"])})


def _write_block(file: IO[bytes], edition: Edition, block: Block, truth: Truth) -> Truth:
    kind = KINDS[edition.kind]
    frame = kind.draw(block)
    marked = edition.marked(block.numbers)
    malformed: dict[int, str] = {}
    bad: dict[int, str] = {}
    if edition.faulty:
        malformed, bad = _choose(kind, block)
        frame = _spoil(frame, kind, bad)
    lines = _lines(frame).to_list()
    for row, how in malformed.items():
        lines[row] = _malform(frame.row(row), how)
    file.write(("\n".join(lines) + "\n").encode().replace(BROKEN, b"\xe9"))
    return _add(truth, lines, marked, malformed, bad)


def _choose(kind: Kind, block: Block) -> tuple[dict[int, str], dict[int, str]]:
    """Return which rows are malformed and how, and which others have a bad cell and where."""
    count, chance = len(block.numbers), np.random.default_rng([7, int(block.numbers[0])])
    typed = [name for name in kind.columns if kind.columns[name] in BAD and name != kind.timestamp]
    many = min(count // 2, max(len(HOW), round(count * MALFORMED)))
    few = min(count // 2, max(len(typed), round(count * BAD_CELLS * len(typed))))
    rows = chance.permutation(count)[: many + few].tolist()
    ways = tuple(HOW)
    malformed = {row: ways[number % len(ways)] for number, row in enumerate(rows[:many])}
    bad = {row: typed[number % len(typed)] for number, row in enumerate(rows[many:])}
    return malformed, bad


def _spoil(frame: pl.DataFrame, kind: Kind, bad: dict[int, str]) -> pl.DataFrame:
    """Put a value of another type into the chosen cells."""
    for name in sorted(set(bad.values())):
        rows = [row for row, column in bad.items() if column == name]
        frame = frame.with_columns(frame[name].scatter(rows, BAD[kind.columns[name]]))
    return frame


def _lines(frame: pl.DataFrame) -> pl.Series:
    """Return rows as CSV, cells quoted where they must be."""
    cells = [
        pl.when(pl.col(name).str.contains('[",\n\r]'))
        .then('"' + pl.col(name).str.replace_all('"', '""', literal=True) + '"')
        .otherwise(pl.col(name))
        for name in frame.columns
    ]
    return frame.select(pl.concat_str(cells, separator=",")).to_series()


HOW: dict[str, Callable[[list[str]], list[str]]] = {
    "short": lambda cells: cells[:-3],
    "long": lambda cells: [*cells, "extra", "extra"],
    "stray": lambda cells: [cells[0], '"broken" quote', *cells[2:]],
    "encoding": lambda cells: [cells[0], f"caf{BROKEN.decode()} closed", *cells[2:]],
}


def _malform(row: tuple[str, ...], how: str) -> str:
    """Return a row that cannot be read, on one line and without other quotes."""
    plain = ["plain" if set(cell) & set('",\n') else cell for cell in row]
    return ",".join(HOW[how](plain))


def _add(
    truth: Truth, lines: list[str], marked: Marks, malformed: dict[int, str], bad: dict[int, str]
) -> Truth:
    """Return the truth with a block counted in."""
    heights = np.fromiter((line.count("\n") + 1 for line in lines), dtype=np.int64)
    begins = truth.lines + 1 + np.concatenate(([0], np.cumsum(heights)[:-1]))
    faults = sorted([*((row, None) for row in malformed), *bad.items()])
    placed = tuple((truth.rows + row + 1, int(begins[row]), column) for row, column in faults)
    room = FAULTS_KEPT - len(truth.faults)
    return replace(
        truth,
        rows=truth.rows + len(lines),
        well_formed=truth.well_formed + len(lines) - len(malformed),
        marked=truth.marked + int(marked.sum()) - sum(bool(marked[row]) for row in malformed),
        bad_cells=truth.bad_cells + len(bad),
        lines=truth.lines + int(heights.sum()),
        faults=(*truth.faults, *placed[:room]),
    )


def main() -> None:
    """Write the files that the command line names."""
    folder, rows, *names = sys.argv[1:]
    for name in names:
        path = Path(folder) / f"{name}.csv"
        truth = write(name, path, int(rows))
        path.with_suffix(".json").write_text(json.dumps(asdict(truth)), encoding="utf-8")


if __name__ == "__main__":
    main()
