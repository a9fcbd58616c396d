"""`python -m benchmarks COMMAND`: measure, print, write; `--help` names the commands."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import commands, results
from benchmarks.measuring import BenchmarkError
from benchmarks.places import Place, places

ENGINES = ("PostgreSQL", "SQLite")
MILLION = 1_000_000

Measure = Callable[[argparse.Namespace, Path, list[Place]], None]


def main(words: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for."""
    asked = _parser().parse_args(words)
    measure: Measure = asked.measure
    try:
        with (
            tempfile.TemporaryDirectory(prefix="importmgr_bench_", dir=asked.work) as name,
            places(Path(name), asked.engine or asked.engines) as found,
        ):
            measure(asked, Path(name), found)
    except BenchmarkError as exc:
        sys.exit(f"the benchmark failed: {exc}")


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--engine", action="append", choices=ENGINES, help="only this one")
    shared.add_argument("--work", type=Path, help="an existing folder for files and databases")
    shared.add_argument("--page", type=Path, default=results.PAGE, help="where figures go")
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    kinds = parser.add_subparsers(required=True)

    def command(name: str, measure: Measure, rows: int, text: str) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, parents=[shared], help=text, description=text)
        made.add_argument("--rows", type=int, default=rows, help=f"default {rows}")
        made.set_defaults(measure=measure, engines=ENGINES)
        return made

    compare = command("compare", commands.compare, MILLION, "against others, in turns")
    compare.add_argument("--repeats", type=int, default=3, help="loads per line")
    compare.add_argument("--quick", action="store_true", help="without what takes minutes")
    compare.add_argument("--section", action="append", help="only this table")
    compare.add_argument("--no-libraries", action="store_true", help="without dlt and pandas")
    memory = command("memory", commands.memory, MILLION, "peak memory, whatever the file's size")
    memory.add_argument("--large", action="store_true", help="a file of 5 GB too; needs 14 GB")
    linear = command("linear", commands.linear, MILLION, "cost per row of a file ten times as long")
    linear.add_argument("--repeats", type=int, default=3, help="loads of the smaller file")
    hostile = command("hostile", commands.hostile, MILLION, "time and memory for hostile files")
    hostile.add_argument("--only", default="", help="only files whose name has this in it")
    command("scheduler", commands.scheduler, 100_000, "looks for due definitions, and firing them")
    command("retention", commands.retention, MILLION, "forgetting old runs, where there are many")
    command("queueing", commands.queueing, 0, "from the queue to an executor, beside procrastinate")
    command("scale", commands.scale, 20_000, "one, two and four executors, sources far away")
    fetched = command("sftp", commands.sftp, MILLION, "fetching over SFTP, beside sftp itself")
    fetched.add_argument("--repeats", type=int, default=3, help="fetches of each")
    command("listing", commands.listing, 100_000, "looking at folders of so many files")
    polluted = command("polluted", commands.polluted, 0, "what is read of polluted files")
    polluted.add_argument("--quick", action="store_true", help="of a few tables only")
    polluted.set_defaults(engines=ENGINES[1:])  # not needed, and there at once
    polluted.add_argument("--table", action="append", help="only this one")
    return parser


if __name__ == "__main__":
    main()
