"""A script of `benchmarks/peers` with the library it is about."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import ROOT, BenchmarkError, Command, Measured, SkippedError, measure
from benchmarks.ours import Home
from benchmarks.parties.base import Figure
from benchmarks.places import plain
from benchmarks.workshop import Workshop

PYTHON = ROOT / ".venv-bench" / "bin" / "python"
FEW = 10  # rows that may be missing from however small a file
SHOWN = 160  # characters of what a peer said that could not load


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Loads `file` by a script into tables of its own in a database that is empty.

    `library` is what must be installed in the environment of the peers; None: nothing but Python
    and, for PostgreSQL, psycopg, as ours has it. With `may_fail`, a failure is the figure.
    """

    script: str
    file: str
    library: str | None = None
    words: tuple[str, ...] = field(default=())
    may_fail: bool = False

    def measure(self, shop: Workshop) -> Figure:
        """Run the script; count what it has loaded."""
        python = python_with(self.library)
        home = shop.place.new()
        words = [python, "-m", f"benchmarks.peers.{self.script}", *self.words]
        file = shop.files.path(self.file)
        quiet = {"HOME": str(home.folder)}  # what they keep at home goes with the installation
        done = measure(Command(words=[*words, plain(home), str(file)], environment=quiet))
        try:
            return self._figure(shop, home, done)
        finally:
            shop.place.drop(home)

    def _figure(self, shop: Workshop, home: Home, done: Measured) -> Figure:
        """Return what the load took, if it is one."""
        if done.code and self.may_fail:
            return Figure(seconds=None, note=f"cannot load it: {_reason(done.said)}")
        if done.code:
            msg = f"{self.script} ended with {done.code}: {done.said}"
            raise BenchmarkError(msg)
        told = json.loads(done.said.strip().splitlines()[-1])
        loaded = shop.place.count(home, told["table"], told["database"])
        rows = shop.files.truth(self.file).rows
        if not 0.995 * rows - FEW <= loaded <= rows:  # malformed rows may be missing
            msg = f"{self.script} loaded {loaded} of {rows} rows: {done.said}"
            raise BenchmarkError(msg)
        return Figure.of(done, loaded)


def python_with(library: str | None) -> str:
    """Return the interpreter that has a peer's library, or raise `SkippedError`."""
    if library is None:
        return sys.executable
    found = list(Path(PYTHON).parents[1].glob(f"lib/python*/site-packages/{library}"))
    if not found:
        msg = f"{library} is not installed in {PYTHON.parents[1].name}; `make bench` does that"
        raise SkippedError(msg)
    return str(PYTHON)


def _reason(said: str) -> str:
    """Return what somebody would look at first in a long complaint: its last words."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line or "Exception" in line or "error" in line]
    text = (errors or lines or ["it said nothing"])[-1]
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
