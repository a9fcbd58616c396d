"""How late runs are queued when many of many definitions are due at one instant."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from benchmarks import ours
from benchmarks.measuring import BenchmarkError
from benchmarks.places import Place
from benchmarks.ticking import Tell, store_definitions
from importmgr.bootstrap import Wiring, build
from importmgr.settings import Settings
from importmgr.store.tables import definitions, runs

DEFINITIONS, DUE = 50_000, 2_000
AHEAD = timedelta(seconds=5)
PATIENCE = timedelta(minutes=15)
POLL = 0.02
GOAL = 2.0
HEAD = [
    "",
    "Seconds after the instant for which they were due, with the ticker of a service, which looks",
    f"every second; the aim is {GOAL:.0f}.",
    "",
    "| engine | definitions | due at once | half of the runs | the last run | committed | |",
    "|---|--:|--:|--:|--:|--:|---|",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """Seconds from the instant: of the middle run, of the last one, and until all were there."""

    median: float
    last: float
    committed: float


def measure(place: Place, most: int, tell: Tell) -> list[str]:
    """Return the line of one database."""
    size = min(DEFINITIONS, most)
    due = min(DUE, size)
    home = place.new()
    ours.found(home)
    wiring = build(Settings(data_dir=home.folder, database_url=home.url))
    store_definitions(wiring, size)
    lag = _lag(wiring, due)
    wiring.close()
    place.drop(home)
    reached = "met" if lag.committed <= GOAL else "missed"
    figures = f"{lag.median:.2f} | {lag.last:.2f} | {lag.committed:.2f} | {reached}"
    line = f"| {place.name} | {size:,} | {due:,} | {figures} |"
    tell(line)
    return [line]


def _lag(wiring: Wiring, due: int) -> Lag:
    instant = _let_be_due(wiring, due)
    ticker = wiring.ticker()
    ticker.start()
    try:
        while _count(wiring) < due:
            if datetime.now(UTC) > instant + PATIENCE:
                msg = f"{_count(wiring)} of {due} runs were queued {PATIENCE} after their instant"
                raise BenchmarkError(msg)
            time.sleep(POLL)
        committed = (datetime.now(UTC) - instant).total_seconds()
    finally:
        ticker.stop(wait=True)
    lags = _lags(wiring, instant)
    return Lag(median=lags[len(lags) // 2], last=lags[-1], committed=committed)


def _let_be_due(wiring: Wiring, due: int) -> datetime:
    """Let some definitions be due at one instant that is near, and return it."""
    instant = datetime.now(UTC).replace(microsecond=0) + AHEAD
    some = sa.select(definitions.c.id).order_by(definitions.c.id).limit(due)
    change = {"next_fire_at": instant, "decided_until": instant - timedelta(days=1)}
    with wiring.engine.begin() as connection:
        connection.execute(sa.update(definitions).where(definitions.c.id.in_(some)).values(change))
    return instant


def _count(wiring: Wiring) -> int:
    with wiring.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(runs)).scalar_one()


def _lags(wiring: Wiring, instant: datetime) -> Sequence[float]:
    with wiring.engine.connect() as connection:
        made = connection.execute(sa.select(runs.c.created_at)).scalars().all()
    return sorted((at - instant).total_seconds() for at in made)
