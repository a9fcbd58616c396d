"""Executors, tickers and API processes on one database: whatever befalls them, all adds up."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from destinations.engine import create_engine
from importmgr.bootstrap import Wiring, build
from importmgr.settings import Settings
from importmgr.store.migrate import upgrade
from tests.file_server import FileServer
from tests.fleet import Fleet
from tests.fleet_load import (
    DROPPED_ROWS,
    MINUTE,
    PATIENCE,
    ROWS,
    Caller,
    Changing,
    Drop,
    Nasty,
    Steady,
    eventually,
    scheduled,
    steady,
)
from tests.postgres import Server
from tests.product import wait_until, working
from tests.second_zones import write_zones

pytestmark = [pytest.mark.chaos, pytest.mark.postgres, pytest.mark.slow]

ROLES = {"executor": 3, "ticker": 2, "api": 2}
FIRST_SECONDS = 4  # until the first of them fires
KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
SETTINGS = {
    "IMPORTMGR_ALLOW_PRIVATE_SOURCES": "true",
    "IMPORTMGR_BATCH_BYTES": "1KiB",
    "IMPORTMGR_LEASE_SECONDS": "3",
    "IMPORTMGR_HEARTBEAT_SECONDS": "0.75",
    "IMPORTMGR_MASTER_KEY": KEY,
    "IMPORTMGR_MAX_ACTIVE_DEFINITIONS": "1000",
    "IMPORTMGR_MAX_ATTEMPTS": "1000",
    "IMPORTMGR_MAX_WAITING_RUNS": "10000",
    "IMPORTMGR_RATE_LIMITS": "false",
    "IMPORTMGR_RETRY_FIRST_DELAY_SECONDS": "0.2",
    "IMPORTMGR_RETRY_MAX_DELAY_SECONDS": "1",
    "IMPORTMGR_SOURCE_REQUESTS_PER_MINUTE": "1000000",
    "IMPORTMGR_SOURCE_TIMEOUT_SECONDS": "2",
    "IMPORTMGR_TICK_SECONDS": "0.5",
    "IMPORTMGR_WATCHERS": "1",
    "IMPORTMGR_WATCH_SECONDS": "1",
    "IMPORTMGR_FILE_STABLE_SECONDS": "0.5",
}
DURABLE = ("fsync=off", "max_connections=300")  # the machine stays up, the server does not
SPOILED = ("Traceback", "attempt broke", "stumbled")  # what no log may say


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How much befalls a fleet."""

    faults: int
    imports: int
    apart: int  # seconds between the instants of two of them
    pause: tuple[float, float]
    outage: float


SHORT = Form(faults=10, imports=12, apart=1, pause=(0.3, 1.2), outage=3)
LONG = Form(faults=200, imports=29, apart=2, pause=(0.5, 3), outage=30)


@pytest.fixture
def server(postgres_server: Server) -> Iterator[Server]:  # noqa: ARG001 - or a skip with its reason
    """A server of this test alone."""
    with Server(settings=DURABLE) as server:
        yield server


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_doubled_whatever_befalls_whom(
    server: Server, file_server: FileServer, tmp_path: Path
) -> None:
    Story(server, file_server, tmp_path, SHORT).tell()


@pytest.mark.long
@pytest.mark.timeout(3 * 3600)
def test_nothing_is_lost_or_doubled_whatever_befalls_whom_for_long(
    server: Server, file_server: FileServer, tmp_path: Path
) -> None:
    Story(server, file_server, tmp_path, LONG).tell()


class Story:
    """What happens, from a fleet's start to the reckoning."""

    def __init__(self, server: Server, files: FileServer, folder: Path, form: Form) -> None:
        self._server = server
        self._files = files
        self._folder = folder
        self._form = form
        self._seed = os.environ.get("CHAOS_SEED") or str(secrets.randbelow(10**9))
        self._chance = random.Random(self._seed)
        self._drop = Drop(folder / "drop")
        self._urls = {name: self._database(name) for name in ("calm", "wild")}

    def tell(self) -> None:
        """Let everything happen; `CHAOS_SEED` repeats who is struck by what."""
        print(f"CHAOS_SEED={self._seed}", flush=True)  # noqa: T201 - shown when the test fails
        imports = steady(self._files, self._form.imports)
        self._load_undisturbed(imports)
        write_zones(self._folder / "zones")
        settings = {**SETTINGS, "IMPORTMGR_LOCAL_FOLDERS": str(self._drop.folder)}
        fleet = Fleet(
            self._server, self._urls["wild"], self._folder, settings, self._folder / "zones"
        )
        with fleet, self._wired(self._urls["wild"]) as wiring:
            fleet.outage_seconds = self._form.outage
            fleet.start(ROLES)
            caller = Caller(fleet, wiring)
            known = self._create(caller, imports)
            self._strike(fleet, caller, known)
            self._settle(fleet, wiring.engine, caller, known)
            fleet.stop("api")
            fleet.stop("executor")
        print(f"{dict(fleet.struck)}, {len(caller.started)} runs asked for")  # noqa: T201 - as above
        Reckoning(self._urls, fleet, caller, known).check(imports, self._drop)

    def _load_undisturbed(self, imports: list[Steady]) -> None:
        """Load every file once, while nothing happens."""
        with self._wired(self._urls["calm"]) as wiring:
            project = wiring.services.projects.create("Shop")
            for each in imports:
                wiring.services.definitions.create(project, each.document, "bloomreach")
            with working(wiring.executor("calm")):
                wait_until(lambda: not wiring.stores.runs.counts(), within=PATIENCE)

    def _create(self, caller: Caller, imports: list[Steady]) -> dict[str, str]:
        """Create every import; return their ids by name."""
        changing = self._changing = Changing(self._files)
        documents = {each.name: each.document for each in imports} | {
            changing.name: changing.document
        }
        known = {
            name: caller.create(scheduled(document, self._second(number)))
            for number, (name, document) in enumerate(documents.items())
        }
        integration_id = caller.connect(self._drop.integration())
        known[Drop.event_type] = caller.create(self._drop.document(integration_id))
        return known

    def _second(self, number: int) -> int:
        """Return the second at which the import of that number, made now, fires first."""
        return (int(time.time()) + FIRST_SECONDS + number * self._form.apart) % MINUTE

    def _strike(self, fleet: Fleet, caller: Caller, known: dict[str, str]) -> None:
        """Let fault follow fault, under load."""
        asked = [import_id for name, import_id in known.items() if name != Drop.event_type]
        nasty = Nasty(
            self._files, [name for name in known if name != Drop.event_type], self._chance
        )
        for number in range(self._form.faults):
            nasty()
            self._changing.change()
            self._drop.put()
            caller.start(self._chance.choice(asked))
            what = fleet.strike(self._chance)
            print(f"{number + 1:4} {what}", flush=True)  # noqa: T201 - as above
            fleet.tend(seconds=self._chance.uniform(*self._form.pause))
        nasty.end()

    def _settle(self, fleet: Fleet, engine: Engine, caller: Caller, known: dict[str, str]) -> None:
        """Let everything come to its end, undisturbed."""
        fleet.heal()
        moods = known[Changing.name]
        eventually(lambda: caller.start(moods), fleet, "a last run of what has changed")
        fired = "(SELECT DISTINCT definition_id FROM runs WHERE scheduled_for IS NOT NULL) f"
        eventually(lambda: _count(engine, fired) == len(known) - 1, fleet, "a run of each schedule")
        now = datetime.now(UTC)
        eventually(lambda: not _due(engine, now), fleet, "every definition to fire")
        taken = self._drop.count
        eventually(
            lambda: _count(engine, "watched_files where state = 'taken'") == taken,
            fleet,
            "every file to be taken",
        )
        fleet.stop("ticker")
        eventually(
            lambda: _count(engine, "runs where finished_at is null") == 0, fleet, "runs to end"
        )

    @contextmanager
    def _wired(self, url: str) -> Iterator[Wiring]:
        environ = {**SETTINGS, "IMPORTMGR_DATABASE_URL": url, "IMPORTMGR_POLL_SECONDS": "0.01"}
        environ["IMPORTMGR_DATA_DIR"] = str(self._folder / "own")
        wiring = build(Settings.from_environ(environ))
        try:
            yield wiring
        finally:
            wiring.close()

    def _database(self, name: str) -> str:
        with psycopg.connect(self._server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        upgrade(self._server.url(name))
        return self._server.url(name)


class Reckoning:
    """What must be true in the end."""

    def __init__(
        self, urls: dict[str, str], fleet: Fleet, caller: Caller, known: dict[str, str]
    ) -> None:
        self._urls = urls
        self._fleet = fleet
        self._caller = caller
        self._known = known

    def check(self, imports: list[Steady], drop: Drop) -> None:
        """Check all of it."""
        self._check_processes()
        with _opened(self._urls["wild"]) as wild, _opened(self._urls["calm"]) as calm:
            self._check_runs(wild)
            self._check_instants(wild)
            for each in imports:
                _check_counts(calm, wild, each.name)
                if each.name.startswith("events"):
                    _check_events(calm, wild, each.name)
            _check_drop(wild, drop)
            _check_moods(wild)
            for what in (CUSTOMERS, ITEMS):
                assert _rows(wild, what) == _rows(calm, what)

    def _check_processes(self) -> None:
        assert self._fleet.deaths == []
        spoiled = {
            f"{name}: {line}"
            for name, text in self._fleet.logs().items()
            for line in text.splitlines()
            if any(word in line for word in SPOILED)
        }
        assert spoiled == set()

    def _check_runs(self, wild: Engine) -> None:
        """Each run that was promised is there, has ended well, and its counts add up."""
        found = _rows(wild, RUNS)
        assert {(row.state, row.error) for row in found} == {("completed", None)}
        assert self._caller.started <= {row.id for row in found}
        parts = ("created", "updated", "unchanged", "rejected", "skipped")
        for row in found:
            assert row.rows_read == sum(getattr(row, f"rows_{part}") for part in parts), row

    def _check_instants(self, wild: Engine) -> None:
        """Each instant of each schedule has one run, those that were missed too."""
        runs = Counter((row.definition_id, row.scheduled_for) for row in _rows(wild, INSTANTS))
        due = [
            (row.id, instant)
            for row in _rows(wild, SCHEDULES)
            for instant in _minutes(row.created_at, row.decided_until, row.timezone)
        ]
        assert runs == Counter(due)
        assert len(due) >= len(self._known) - 1


RUNS = "SELECT * FROM runs"
INSTANTS = "SELECT definition_id, scheduled_for FROM runs WHERE scheduled_for IS NOT NULL"
SCHEDULES = """SELECT id, created_at, decided_until, timezone FROM definitions
    WHERE timezone IS NOT NULL"""
COUNTS = """SELECT DISTINCT r.rows_read, r.rows_rejected, r.fault_count FROM runs r
    JOIN definitions d ON d.id = r.definition_id WHERE d.document->>'name' = '{}'"""
EVENTS = """SELECT e.run_id, e."row", i.id_value, e.properties FROM events e
    JOIN customer_ids i ON i.customer_id = e.customer_id WHERE e.type = '{}'"""
CREATED = """SELECT r.id, r.rows_created, r.rows_skipped, r.warnings FROM runs r
    JOIN definitions d ON d.id = r.definition_id WHERE d.document->>'name' = '{}'"""
LOADED = "SELECT path FROM file_ledger WHERE path LIKE 'f%' AND state = 'loaded'"
ARRIVED = "SELECT id FROM runs WHERE cause = 'new_file'"
CUSTOMERS = """SELECT i.id_value, c.properties FROM customer_ids i
    JOIN customers c ON c.id = i.customer_id ORDER BY i.id_value"""
ITEMS = """SELECT g.name, i.item_id, i.properties FROM catalog_items i
    JOIN catalogs g ON g.id = i.catalog_id ORDER BY g.name, i.item_id"""


def _check_counts(calm: Engine, wild: Engine, name: str) -> None:
    """Every run of a steady file read, rejected and complained about the same."""
    assert _rows(wild, COUNTS.format(name)) == _rows(calm, COUNTS.format(name))


def _check_events(calm: Engine, wild: Engine, name: str) -> None:
    """Every run appended each of the file's events once, and nothing else."""
    (once,) = _events_by_run(calm, name).values()
    by_run = _events_by_run(wild, name)
    for run in _rows(wild, CREATED.format(name)):
        assert by_run[run.id] == once
        assert (run.rows_created, run.rows_skipped) == (once.total(), 0)


def _check_drop(wild: Engine, drop: Drop) -> None:
    """Every file that arrived was loaded by one run, once."""
    lines = Counter(
        (row.properties["file"], row.properties["line"])
        for row in _rows(wild, EVENTS.format(Drop.event_type))
    )
    expected = {(file, line) for file in range(drop.count) for line in range(DROPPED_ROWS)}
    assert lines == Counter(expected)
    assert Counter(row.path for row in _rows(wild, LOADED)) == Counter(
        f"f{file}.csv" for file in range(drop.count)
    )
    assert len(_rows(wild, ARRIVED)) == drop.count


def _check_moods(wild: Engine) -> None:
    """No run mixed two editions, unless it says that the file changed between two attempts."""
    by_run = _events_by_run(wild, Changing.name)
    for run in _rows(wild, CREATED.format(Changing.name)):
        editions = Counter(str(properties) for (_, _, properties) in by_run[run.id].elements())
        assert ROWS in editions.values(), editions
        if not any("changed between two attempts" in text for text in run.warnings):
            assert set(editions.values()) == {ROWS}
            assert len(editions) == 1


def _events_by_run(engine: Engine, name: str) -> dict[str, Counter[Any]]:
    found: dict[str, Counter[Any]] = {}
    for row in _rows(engine, EVENTS.format(name)):
        event = (row.row, row.id_value, str(sorted(row.properties.items())))
        found.setdefault(row.run_id, Counter())[event] += 1
    return found


def _minutes(after: datetime, until: datetime, zone: str) -> Iterator[datetime]:
    """Yield the instants of a schedule that fires each minute, after one and up to another."""
    second = -int(zone.removeprefix("Test/")) % MINUTE
    instant = after.replace(second=second, microsecond=0) - timedelta(minutes=1)
    while (instant := instant + timedelta(minutes=1)) <= until:
        if instant > after:
            yield instant


def _due(engine: Engine, now: datetime) -> bool:
    """Tell whether a definition has an instant up to `now` that is not decided."""
    query = "SELECT count(*) FROM definitions WHERE next_fire_at <= :now"
    with engine.connect() as connection:
        return bool(connection.execute(sa.text(query), {"now": now}).scalar())


def _count(engine: Engine, which: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {which}")).scalar_one())


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(query)))
