"""Executors, tickers and API processes on one database: whatever befalls them, all adds up."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from importmgr.bootstrap import Wiring, build
from importmgr.services.courier import Courier
from importmgr.settings import Settings
from importmgr.store.migrate import upgrade
from tests.canary import watch
from tests.databases import look_through
from tests.file_server import FileServer
from tests.fleet import Fleet
from tests.fleet_caller import PATIENCE, Caller, eventually
from tests.fleet_hooks import Hook
from tests.fleet_load import MINUTE, Changing, Drop, Nasty, Steady, scheduled, steady
from tests.fleet_mending import Mending
from tests.fleet_orders import Orders
from tests.fleet_reckoning import Reckoning
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
    "IMPORTMGR_WEBHOOK_TIMEOUT_SECONDS": "1.5",
    "IMPORTMGR_FILE_STABLE_SECONDS": "0.5",
}
DURABLE = ("fsync=off", "max_connections=300")  # the machine stays up, the server does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How much befalls a fleet."""

    faults: int
    imports: int
    apart: int  # seconds between the instants of two of them
    pause: tuple[float, float]
    outage: float
    failing: int  # one notice in so many is not taken at once


SHORT = Form(faults=10, imports=12, apart=1, pause=(0.3, 1.2), outage=3, failing=500)
LONG = Form(faults=200, imports=29, apart=2, pause=(0.5, 3), outage=30, failing=100)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Who does something to whom: the fleet, who asks it, who tells its runs what to do."""

    fleet: Fleet
    wiring: Wiring
    caller: Caller
    orders: Orders

    @classmethod
    def set_up(cls, fleet: Fleet, wiring: Wiring, chance: random.Random) -> Stage:
        """Return a client of the fleet, and what it orders."""
        caller = Caller(fleet, wiring, chance)
        orders = Orders(caller, wiring.engine, chance)
        return cls(fleet=fleet, wiring=wiring, caller=caller, orders=orders)

    @property
    def engine(self) -> Engine:
        """Return where everything of the fleet can be seen."""
        return self.wiring.engine


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
        self._changing = Changing(files)
        self._mending = Mending(files)
        self._hook = Hook(seed=self._seed, every=form.failing)
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
        with self._hook, fleet, self._wired(self._urls["wild"]) as wiring:
            fleet.outage_seconds = self._form.outage
            fleet.start(ROLES)
            orders = random.Random(f"{self._seed} orders")  # who is struck does not depend on them
            stage = Stage.set_up(fleet, wiring, orders)
            known = self._create(stage.caller, imports)
            self._strike(stage, known)
            self._settle(stage, known)
            fleet.stop("api")
            fleet.stop("executor")
        self._tell_figures(stage)
        with psycopg.connect(self._server.conninfo("wild")) as connection:
            look_through(connection, watch)
        Reckoning(self._urls, stage.orders, known).check(fleet, imports, self._drop, self._hook)

    def _tell_figures(self, stage: Stage) -> None:
        mending, hook = self._mending, self._hook
        for line in (  # shown when the test fails, or with -s
            f"{stage.fleet.struck.total()} faults: {dict(stage.fleet.struck)}",
            f"{len(stage.caller.started)} runs asked for; told: {dict(stage.orders.figures)}",
            f"{mending.handed_in} repairs, {mending.killed} killed in the middle",
            f"{len(hook.taken)} notices taken, not at once: {dict(hook.failed)}",
        ):
            print(line, flush=True)  # noqa: T201 - as above

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
        self._hook.secret = caller.hook(self._hook.document())
        documents = {each.name: each.document for each in imports}
        documents |= {each.name: each.document for each in (self._changing, self._mending)}
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

    def _strike(self, stage: Stage, known: dict[str, str]) -> None:
        """Let fault follow fault, under load."""
        fleet, caller = stage.fleet, stage.caller
        asked = [import_id for name, import_id in known.items() if name != Drop.event_type]
        nasty = Nasty(
            self._files, [name for name in known if name != Drop.event_type], self._chance
        )
        while fleet.struck.total() < self._form.faults:
            nasty()
            self._changing.change()
            self._drop.put()
            caller.start(self._chance.choice(asked))
            stage.orders()
            if self._mending.hand_in(caller, stage.engine, known[Mending.name]):
                self._mending.kill_in_the_middle(fleet, stage.engine)
            what = fleet.strike(self._chance)
            print(f"{fleet.struck.total():4} {what}", flush=True)  # noqa: T201 - as above
            fleet.tend(seconds=self._chance.uniform(*self._form.pause))
        nasty.end()

    def _settle(self, stage: Stage, known: dict[str, str]) -> None:
        """Let everything come to its end, undisturbed but for one more repair that is killed."""
        fleet, engine, caller = stage.fleet, stage.engine, stage.caller
        fleet.heal()
        self._hook.heal()
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
        eventually(lambda: self._ended(stage, known), fleet, "runs to end")
        eventually(lambda: self._whole(stage, known), fleet, "a whole run of each import")
        courier = stage.wiring.courier()
        eventually(lambda: self._told(stage, courier), fleet, "everything to be told")

    def _ended(self, stage: Stage, known: dict[str, str]) -> bool:
        """Let go on what waits for somebody; tell whether all has ended and is repaired."""
        rejected = self._mending.hand_in(stage.caller, stage.engine, known[Mending.name])
        if rejected and not self._mending.killed:
            self._mending.kill_in_the_middle(stage.fleet, stage.engine)
        let_go = stage.orders.let_go()
        unended = _count(stage.engine, "runs WHERE finished_at IS NULL")
        return let_go and not rejected and not unended

    def _whole(self, stage: Stage, known: dict[str, str]) -> bool:
        """Start a run of each import whose every run was cancelled; tell whether none is left."""
        if not self._ended(stage, known):
            return False
        whole = "SELECT DISTINCT definition_id FROM runs WHERE state = 'completed'"
        with stage.engine.connect() as connection:
            done = set(connection.execute(sa.text(whole)).scalars())
        return not [stage.caller.start(each) for each in known.values() if each not in done]

    def _told(self, stage: Stage, courier: Courier) -> bool:
        """Deliver what is due, ask for what is due only much later; tell whether nothing waits."""
        while courier.deliver_one():
            pass
        late = "state = 'pending' AND due_at > now() + interval '10 seconds'"
        query = sa.text(f"SELECT receiver_id, notice_id FROM deliveries WHERE {late}")
        with stage.engine.connect() as connection:
            found = connection.execute(query).all()
        for each in found:
            path = f"{stage.caller.hooks}/{each.receiver_id}/deliveries/{each.notice_id}"
            stage.caller.ask("POST", f"{path}/redeliver")
        return not _count(stage.engine, "deliveries WHERE state = 'pending'")

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


def _due(engine: Engine, now: datetime) -> bool:
    """Tell whether a definition has an instant up to `now` that is not decided."""
    query = "SELECT count(*) FROM definitions WHERE next_fire_at <= :now"
    with engine.connect() as connection:
        return bool(connection.execute(sa.text(query), {"now": now}).scalar())


def _count(engine: Engine, which: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {which}")).scalar_one())
