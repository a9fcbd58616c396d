"""What it costs to forget old runs where there are many, and how long others wait meanwhile."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from benchmarks import ours, ticking
from benchmarks.measuring import BenchmarkError
from benchmarks.places import Place
from definitions.batches import Tally
from definitions.decisions import Decision, DecisionCode
from definitions.lifecycle import Cause, Outcome, RunState, StopReason
from destinations.tables import run_ledger
from importmgr.bootstrap import Wiring, build
from importmgr.settings import Settings
from importmgr.store.retention import RetentionStore, RunLimits
from importmgr.store.tables import attempts, definitions, projects, runs

EACH = 1_000  # runs of a definition
AT_ONCE = 5_000
SECONDS = 60.0  # of forgetting
ALONE_SECONDS = 2.0
PAUSE = 0.02  # of the other one, between two transactions
MILLI = 1000
AGE = timedelta(days=730)  # of the oldest run
KEPT = timedelta(days=90)
HEAD = [
    f"{EACH:,} runs of each definition, evenly over two years, each with an attempt and a row of",
    f"the ledger; those older than {KEPT.days} days are forgotten, for up to {SECONDS:.0f} s.",
    "A look finds the first 10,000 of them; in vain, where nothing is old enough or too many.",
    f"Beside that somebody writes a row every {PAUSE * MILLI:.0f} ms: how long that takes, in ms.",
    "",
    "| engine | runs | in vain, s | a look, s | forgotten/s | alone | meanwhile | 99 % | longest |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
]

Tell = Callable[[str], None]


def measure(place: Place, count: int, tell: Tell) -> list[str]:
    """Return the line of an engine for so many runs."""
    home = place.new()
    ours.found(home)
    wiring = build(Settings(data_dir=home.folder, database_url=home.url))
    ticking.store_definitions(wiring, max(1, count // EACH))
    now = datetime.now(UTC)
    _store_runs(wiring.engine, count, now)
    place.settle(home, ["runs", "attempts", "run_ledger"])
    tell(f"{place.name}: {count:,} runs stored")
    store, old = RetentionStore(wiring.engine), RunLimits(before=now - KEPT, most=count)
    looks = [_look(store, limits) for limits in (replace(old, before=now - AGE), old)]
    with _writing(wiring) as alone:
        time.sleep(ALONE_SECONDS)
    with _writing(wiring) as beside:
        each = _forget(store, old)
    wiring.close()
    place.drop(home)
    waits = sorted(beside)
    late = [waits[len(waits) * percent // 100] for percent in (50, 99)]
    figures = [f"{look:.3f}" for look in looks]
    figures += [f"{each:,.0f}", f"{statistics.median(alone) * MILLI:.1f}"]
    figures += [f"{seconds * MILLI:.1f}" for seconds in (*late, waits[-1])]
    line = f"| {place.name} | {count:,} | {' | '.join(figures)} |"
    tell(line)
    return [line]


def _look(store: RetentionStore, limits: RunLimits) -> float:
    """Return how many seconds it takes to find what may go, and to forget none of it."""
    began = time.perf_counter()
    store.forget_runs(limits, lambda: False)
    return time.perf_counter() - began


def _forget(store: RetentionStore, old: RunLimits) -> float:
    """Forget for a while; return how many runs that were in a second."""
    began, total = time.perf_counter(), 0

    def in_time() -> bool:
        return time.perf_counter() - began < SECONDS

    while in_time() and (some := store.forget_runs(old, in_time)):
        total += some
    if not total:
        msg = "no run was forgotten; there must be more than stay of each definition"
        raise BenchmarkError(msg)
    return total / (time.perf_counter() - began)


@contextmanager
def _writing(wiring: Wiring) -> Iterator[list[float]]:
    """Let somebody write a little again and again; yield the seconds that each time took."""
    stop, took = threading.Event(), list[float]()
    decision = Decision(code=DecisionCode.MISSED, facts={})

    def write() -> None:
        while True:
            began = time.perf_counter()
            wiring.stores.decisions.tell(f"{0:024x}", [decision], datetime.now(UTC))
            took.append(time.perf_counter() - began)
            if stop.wait(PAUSE):
                return

    writer = threading.Thread(target=write)
    writer.start()
    yield took
    stop.set()
    writer.join()


def _store_runs(engine: Engine, count: int, now: datetime) -> None:
    """Store runs that have ended well, the oldest first."""
    with engine.connect() as connection:
        project_id = connection.execute(sa.select(projects.c.id)).scalar_one()
        ids = connection.execute(sa.select(definitions.c.id)).scalars().all()
    counts = {f"rows_{name}": 0 for name in asdict(Tally())} | {"fault_count": 0}
    same = {"project_id": project_id, "cause": Cause.MANUAL, "state": RunState.COMPLETED}
    same |= {"stop_reason": StopReason.DONE, "warnings": [], "token": 1, "attempt": 1, **counts}
    same |= dict.fromkeys(("failures", "failed_at_batch", "crashes", "crashed_at_batch"), 0)
    ledger = {"token": 1, "file": 0, "batches": 1, "fault_count": 0, **asdict(Tally())}
    for first in range(0, count, AT_ONCE):
        rows, tried = [], []
        for number in range(first, min(first + AT_ONCE, count)):
            at = now - AGE * (1 - number / count)
            run = {"id": f"{number:024x}", "definition_id": ids[number % len(ids)]}
            moments = dict.fromkeys(("not_before", "created_at", "started_at", "finished_at"), at)
            rows.append({**same, **run, **moments})
            tried.append({"run_id": run["id"], "number": 1, "owner": "x", "started_at": at})
        with engine.begin() as connection:
            connection.execute(sa.insert(runs), rows)
            done = {"ended_at": now, "outcome": Outcome.COMPLETED}
            connection.execute(sa.insert(attempts), [{**each, **done} for each in tried])
            made = [{"run_id": each["run_id"], **ledger} for each in tried]
            connection.execute(sa.insert(run_ledger), made)
