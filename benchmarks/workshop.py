"""What loads start from: the files, a server that serves them, and databases in known states."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType

from benchmarks import ours
from benchmarks.files import FAULTS_KEPT, Truth, truth_of
from benchmarks.kinds import KINDS, Kind
from benchmarks.measuring import LONGEST, BenchmarkError, Command, Measured, measure, run
from benchmarks.ours import Home
from benchmarks.places import Place

NOTICED = 1_000  # rows that autovacuum takes notice of, unless it is told otherwise
State = tuple[str, ...]
NOTHING_SET: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files of one size in a folder, written when they are first asked for, and served."""

    folder: Path
    address: str
    rows: int

    def path(self, name: str) -> Path:
        """Return a file of `benchmarks.files.EDITIONS`."""
        path = self.folder / f"{name}.csv"
        if not path.with_suffix(".json").exists():
            words = [sys.executable, "-m", "benchmarks.files", str(self.folder), str(self.rows)]
            run(Command(words=[*words, name]))
        return path

    def truth(self, name: str) -> Truth:
        """Return what is in a file."""
        return truth_of(self.path(name))

    def url(self, name: str) -> str:
        """Return where a file is served."""
        return f"{self.address}/{self.path(name).name}"


@dataclass(slots=True, kw_only=True)
class Workshop:
    """One engine with installations in known states, by the files that were loaded into them."""

    place: Place
    files: Files
    states: dict[State, Home] = field(default_factory=dict)

    def start(self, history: State) -> Home:
        """Return a new installation into which the files of `history` were loaded, at rest."""
        return self.place.copy(self._state(history))

    def keep(self, history: State, home: Home) -> None:
        """Let an installation that is in the state of `history` stand for it from now on."""
        if history in self.states:
            self.place.drop(home)
            return
        if history and self.files.truth(history[-1]).rows >= NOTICED:
            self.place.settle(home, self.kind(history[-1]).tables)
        self.states[history] = home

    def queue(self, home: Home, name: str, *, fetched: bool = True) -> str:
        """Queue the load of a file and return the definition's id."""
        document = self.kind(name).document(self.files.url(name))
        return ours.queue(home, document, fetched=fetched)

    def kind(self, name: str) -> Kind:
        """Return the kind of a file."""
        return KINDS[self.files.truth(name).kind]

    def close(self) -> None:
        """Remove every installation kept."""
        while self.states:
            self.place.drop(self.states.popitem()[1])

    def _state(self, history: State) -> Home:
        if history not in self.states:
            self.keep(history, self._make(history))
        return self.states[history]

    def _make(self, history: State) -> Home:
        if not history:
            home = self.place.new()
            ours.found(home)
            return home
        home = self.start(history[:-1])
        definition_id = self.queue(home, history[-1])
        check(work(home), home, definition_id, self.files.truth(history[-1]))
        return home


def work(
    home: Home, settings: Mapping[str, str] = NOTHING_SET, longest: float = LONGEST
) -> Measured:
    """Work off what is queued, in a process of its own with these settings."""
    environment = home.environment | dict(settings)
    return measure(Command(words=ours.COMMAND, environment=environment), longest)


def check(
    done: Measured,
    home: Home,
    definition_id: str,
    truth: Truth,
    becomes: tuple[str, str] = ("created", "created"),
) -> None:
    """Raise `BenchmarkError` unless a load of ours did with every row what the truth says.

    `becomes` are the counts in which the marked rows and the other well-formed ones must be.
    """
    told = ours.outcome(home, definition_id, FAULTS_KEPT)
    counts = dict.fromkeys(told.counts, 0)
    counts |= {"read": truth.rows, "rejected": truth.malformed}
    counts[becomes[0]] += truth.marked
    counts[becomes[1]] += truth.well_formed - truth.marked
    faults = truth.malformed + truth.bad_cells
    expected = ("completed", counts, faults, truth.faults[: len(told.faults)])
    if (told.state, told.counts, told.fault_count, told.faults) != expected:
        wrong = f"{told.state} {told.error or ''} {told.counts} with {told.fault_count} faults"
        msg = f"expected {counts} with {faults} faults, got {wrong}: {done.said[-2000:]}"
        raise BenchmarkError(msg)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: what is asked for is known."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP on this machine and yield its address."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
