"""Every party at every polluted file, with and without being told how it is written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measuring import Command, SkippedError, run
from benchmarks.parties.peer import python_with
from benchmarks.polluted import figures, filing
from benchmarks.polluted.figures import Found
from benchmarks.polluted.scoring import Read, Score, score
from benchmarks.polluted.tables.registry import tables

AUTO, GIVEN = "auto", "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A script of `readers`, with the library or the program that it needs."""

    title: str
    script: str
    library: str | None = None
    program: str | None = None

    def python(self) -> str:
        """Return the interpreter that runs the script; raise `SkippedError` if something lacks."""
        if self.program is not None and shutil.which(self.program) is None:
            msg = f"{self.program} is not installed"
            raise SkippedError(msg)
        return python_with(self.library)


PARTIES = (
    Party(title=figures.OURS, script="ours"),
    Party(title="DuckDB `read_csv`", script="duckdb_sniffer", library="duckdb"),
    Party(title="pandas `read_csv`", script="pandas_lenient", library="pandas"),
    Party(title="sqlite3 `.import`", script="sqlite_shell", program="sqlite3"),
    Party(title="csv module, `Sniffer`", script="csv_sniffer"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Which tables are written: all, a few, or those that are named."""

    quick: bool = False
    tables: Sequence[str] | None = None

    def wants(self, table: str) -> bool:
        """Tell whether a table is one of them."""
        if self.tables is not None:
            return table in self.tables
        return not self.quick or table in filing.QUICK


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The tables of the page, and what of them is shown elsewhere."""

    lines: list[str]
    sentence: str


def measure(folder: Path, terms: Terms, tell: Callable[[str], None]) -> Outcome:
    """Write the files into a folder, let every party read them, and compare."""
    wanted = {name: table for name, table in tables().items() if terms.wants(name)}
    cases = list(filing.cases(wanted))
    filing.write(cases, folder)
    tell(f"{len(cases)} files")
    work = [(party, mode) for mode in (AUTO, GIVEN) for party in PARTIES]
    with ThreadPoolExecutor(os.cpu_count() or 1) as several:
        scores = list(several.map(partial(_scores, folder, cases, tell), work))
    found = {
        mode: {
            party.title: got for (party, way), got in zip(work, scores, strict=True) if way == mode
        }
        for mode in (AUTO, GIVEN)
    }
    both = (found[AUTO], found[GIVEN])
    return Outcome(lines=figures.lines(cases, *both), sentence=figures.sentence(cases, *both))


def _scores(
    folder: Path,
    cases: Sequence[filing.Case],
    tell: Callable[[str], None],
    work: tuple[Party, str],
) -> Found:
    """Return the scores of one party at all files, or why there are none."""
    party, mode = work
    output = folder / f"{party.script}-{mode}.jsonl"
    module = f"benchmarks.polluted.readers.{party.script}"
    try:
        words = [party.python(), "-m", module, str(folder), mode, str(output)]
    except SkippedError as exc:
        return f"not measured: {exc}"
    run(Command(words=words, environment={"IMPORTMGR_DATA_DIR": str(folder / "data")}))
    scores = list(_compared(cases, output))
    tell(f"{party.title}, {mode}: {sum(each.total for each in scores) / len(scores):.3f}")
    return scores


def _compared(cases: Sequence[filing.Case], output: Path) -> Iterator[Score]:
    with output.open(encoding="ascii") as answers:
        for case, line in zip(cases, answers, strict=True):
            yield score(case.sheet, _read(json.loads(line)))


def _read(told: dict[str, list[str] | list[list[str]]]) -> Read | None:
    if "error" in told:
        return None
    return Read(header=tuple(map(str, told["header"])), rows=[tuple(row) for row in told["rows"]])
