"""Firing for real: many tickers, a frozen process, and the time it takes."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from importmgr.bootstrap import build
from importmgr.services.timing import present_stamp
from importmgr.settings import Settings
from importmgr.store.tables import decisions, definitions, runs
from tests.acceptance.documents import DAILY, HOSTED, Document, changed, people
from tests.engines import open_engine
from tests.second_zones import write_zones, zone_and_instant
from tests.service import ProjectAccess, Service
from tests.stores import ORIGIN, Stores

TICKERS, DEFINITIONS = 10, 10_000
AHEAD = 5  # seconds in which a definition is created, and a process frozen
PATIENCE = 40
# the promise is 2 seconds on a machine that has time, which the tests of the ticker prove; these
# share theirs
IN_TIME = 10


@pytest.mark.postgres
@pytest.mark.slow
def test_ten_tickers_fire_ten_thousand_definitions_once_each(
    postgres_url: str, tmp_path: Path
) -> None:
    with open_engine(postgres_url) as engine:
        _store_due(engine, DEFINITIONS)
        wirings = [
            build(Settings(data_dir=tmp_path, database_url=postgres_url)) for _ in range(TICKERS)
        ]

        with ThreadPoolExecutor(TICKERS) as pool:
            counts = list(pool.map(lambda wiring: wiring.firing().fire_due(), wirings))

        with engine.connect() as connection:
            fired = connection.execute(sa.select(runs.c.definition_id)).scalars().all()
            codes = connection.execute(sa.select(decisions.c.code)).scalars().all()
            left = connection.execute(
                sa.select(sa.func.count()).where(definitions.c.next_fire_at <= sa.func.now())
            ).scalar_one()
        assert sum(counts) == DEFINITIONS
        assert (len(fired), len(set(fired)), left) == (DEFINITIONS, DEFINITIONS, 0)
        assert sum(count for code, count in Counter(codes).items() if code.startswith("fired")) == (
            DEFINITIONS
        )
        for wiring in wirings:
            wiring.close()


@pytest.mark.slow
def test_a_definition_fires_in_time_for_real(database_url: str, tmp_path: Path) -> None:
    with _service(tmp_path, IMPORTMGR_DATABASE_URL=database_url) as service:
        project = service.project()
        zone, instant = zone_and_instant(AHEAD)
        import_id = project.create(_every_minute(zone))

        run = _await_run(project, import_id)

    assert (run["trigger"], run["scheduled_for"], run["late"]) == ("schedule", instant, False)
    assert 0 <= run["created"] - instant < IN_TIME


@pytest.mark.slow
@pytest.mark.chaos
def test_a_process_that_was_frozen_over_an_instant_makes_up_for_it_once(tmp_path: Path) -> None:
    with _service(tmp_path, IMPORTMGR_MISSED_AFTER_SECONDS="1") as service:
        project = service.project()
        zone, instant = zone_and_instant(AHEAD)
        import_id = project.create(_every_minute(zone))

        _sleep_until(instant - 1)
        service.send(signal.SIGSTOP)
        _sleep_until(instant + 3)
        service.send(signal.SIGCONT)
        run = _await_run(project, import_id)

        told = project.call("GET", f"/imports/v1/{{t}}/{import_id}/decisions").json()["decisions"]
        assert len(project.runs(import_id)) == 1
    assert (run["scheduled_for"], run["late"]) == (instant, True)
    assert run["created"] - instant >= 2
    assert [each["code"] for each in told] == ["fired_late"]
    assert told[0]["facts"]["run_id"] == run["run_id"]


def _store_due(engine: sa.Engine, count: int) -> None:
    """Store definitions of which one instant each is due."""
    project = Stores(engine).project()
    now = datetime.now(UTC)
    row = {
        "project_id": project.id,
        "origin": ORIGIN,
        "document": {"name": "Nightly", "active": True, "trigger": DAILY},
        "active": True,
        "created_at": now - timedelta(days=9),
        "decided_until": now - timedelta(days=1),
        "next_fire_at": now - timedelta(minutes=1),
        "timezone": DAILY["timezone"],
        "schedule_stamp": present_stamp(DAILY["timezone"]),
    }
    with engine.begin() as connection:
        connection.execute(
            sa.insert(definitions), [{**row, "id": f"{n:024x}"} for n in range(count)]
        )


def _service(folder: Path, **settings: str) -> Service:
    """Return a service that knows the zones of the tests."""
    return Service(folder / "var", **write_zones(folder / "zones"), **settings)


def _every_minute(zone: str) -> Document:
    minutes = list(range(60))
    trigger = {**DAILY, "frequency": "hourly", "minutes": minutes, "timezone": zone}
    return changed(people(HOSTED), "trigger", trigger)


def _await_run(project: ProjectAccess, import_id: str) -> dict[str, Any]:
    """Return the first run of a definition once there is one."""
    found: list[dict[str, Any]] = []

    def has_run() -> bool:
        found[:] = project.runs(import_id)
        return bool(found)

    _wait(has_run)
    return found[-1]


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _sleep_until(instant: float) -> None:
    time.sleep(max(0.0, instant - time.time()))
