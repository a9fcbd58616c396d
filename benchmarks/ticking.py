"""What a look for due definitions costs, and how long it takes to fire many, beside APScheduler."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from benchmarks import jobs, ours
from benchmarks.measuring import BenchmarkError
from benchmarks.ours import Home
from benchmarks.places import Place
from importmgr.bootstrap import Wiring, build
from importmgr.services.timing import present_stamp
from importmgr.settings import Settings
from importmgr.store.tables import definitions, projects, runs

SIZES = (1_000, 10_000, 100_000)
DUE, LOOKS = 100, 50
MILLI = 1000
ZONE = "Europe/Prague"
TRIGGER = {
    "trigger_type": "scheduled",
    "frequency": "daily",
    "times": [{"hour": 2, "minute": 30}],
    "timezone": ZONE,
}
HEAD = [
    f"A look finds nothing due (median of {LOOKS}). Then {DUE} are due at once: from the look",
    "until all are queued, decided and moved on, and by APScheduler until all jobs have run.",
    "",
    f"| engine | definitions | | look, ms | {DUE} due, ms |",
    "|---|--:|---|--:|--:|",
]

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of a look in vain, and of firing what is due."""

    look: float
    fire: float


def measure(place: Place, sizes: Sequence[int], tell: Tell) -> list[str]:
    """Return a line for each party and number of definitions."""
    lines = []
    for size in sizes:
        for party, cost_of in (("importmgr", _ours), ("APScheduler's job store", _theirs)):
            home = place.new()
            cost = cost_of(home, size)
            place.drop(home)
            figures = f"{cost.look * MILLI:.2f} | {cost.fire * MILLI:.0f}"
            lines.append(f"| {place.name} | {size:,} | {party} | {figures} |")
            tell(lines[-1])
    return lines


def _ours(home: Home, size: int) -> Cost:
    ours.found(home)
    wiring = build(Settings(data_dir=home.folder, database_url=home.url))
    store_definitions(wiring, size)
    firing = wiring.firing()
    look = _median(firing.fire_due)
    _make_due(wiring)
    fire = _seconds(firing.fire_due)
    with wiring.engine.connect() as connection:
        queued = connection.execute(sa.select(sa.func.count()).select_from(runs)).scalar_one()
    _check(queued)
    wiring.close()
    return Cost(look=look, fire=fire)


def _theirs(home: Home, size: int) -> Cost:
    with jobs.scheduled(home.url, size) as (scheduler, engine):
        look = _median(scheduler.look)
        jobs.make_due(engine, DUE)
        fire = _seconds(scheduler.look)
        _check(jobs.fired(engine))
    return Cost(look=look, fire=fire)


def store_definitions(wiring: Wiring, size: int) -> None:
    """Store definitions that fire tomorrow."""
    now = datetime.now(UTC)
    with wiring.engine.begin() as connection:
        row = {
            "project_id": connection.execute(sa.select(projects.c.id)).scalar_one(),
            "origin": "bloomreach",
            "document": {"name": "Nightly", "active": True, "trigger": TRIGGER},
            "active": True,
            "created_at": now,
            "decided_until": now,
            "next_fire_at": now + timedelta(days=1),
            "timezone": ZONE,
            "schedule_stamp": present_stamp(ZONE),
        }
        rows = [{**row, "id": f"{number:024x}"} for number in range(size)]
        connection.execute(sa.insert(definitions), rows)


def _make_due(wiring: Wiring) -> None:
    """Let one instant of some definitions be due now."""
    now = datetime.now(UTC)
    some = sa.select(definitions.c.id).order_by(definitions.c.id).limit(DUE)
    change = {"next_fire_at": now, "decided_until": now - timedelta(days=1)}
    with wiring.engine.begin() as connection:
        connection.execute(sa.update(definitions).where(definitions.c.id.in_(some)).values(change))


def _median(look: Callable[[], object]) -> float:
    return statistics.median(_seconds(look) for _ in range(LOOKS))


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _check(count: int) -> None:
    """Raise `BenchmarkError` unless as many have fired as were due."""
    if count != DUE:
        msg = f"{count} have fired, not {DUE}"
        raise BenchmarkError(msg)
