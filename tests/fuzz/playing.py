"""Playing a plan: its runs load at once, as executors do it, while somebody orders."""

from __future__ import annotations

import contextlib
import hashlib
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Final
from unittest.mock import patch

from sqlalchemy import Engine

from definitions.batches import Batch, Position
from definitions.errors import LostLeaseError, NotFoundError, PermanentError, StoreBusyError
from definitions.mapping import compile_mapping
from definitions.model import CatalogType
from definitions.rejects import RejectedFile
from destinations.base import LoadContext
from destinations.cataloguing import NewCatalog, ensure_catalog
from destinations.failures import database_errors
from destinations.keeping import Keeping
from destinations.lanes import Lanes
from destinations.registry import open_destination
from destinations.session import LoadSession
from importmgr.executing.preparing import Preparing
from importmgr.identity import SystemIdentity
from importmgr.services.catalogs import Catalogs
from importmgr.services.customers import Customers
from importmgr.store.audit import AuditStore
from importmgr.store.projects import Project, ProjectStore
from importmgr.world import World
from tests.clocks import HandClock
from tests.fuzz.loads import HEADER, OF_PEOPLE, Load, Order, Plan
from tests.fuzz.noting import ORDER, Note, Noting, NotingDatabase
from tests.loading import STARTED_AT
from tests.plain_mapping import PlainMapping

MOST_ATTEMPTS: Final = 60
MOST_PAUSE: Final = 0.2  # seconds between two orders; it is short as a rule
STOPPED: Final = "stopped"
IDENTITY: Final = "x"  # of the file's content
FILE: Final = RejectedFile(
    name="f", number=0, identity=IDENTITY, header=HEADER, form=None, styles={}
)


@dataclass(frozen=True)
class Held:
    """A reader of batches that are there."""

    held: Sequence[Batch]
    header: tuple[str, ...] = HEADER
    named: bool = True
    unnamed: tuple[str, ...] = ()

    @property
    def evidence(self) -> dict[str, str]:
        """Tell nothing."""
        return {}

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield the batches that end behind the place to go on from."""
        for batch in self.held:
            if resume is None or batch.end.byte > resume.byte:
                yield batch


@dataclass
class Run:
    """A load under way, by whoever has the last token."""

    stage: Stage
    load: Load
    id: str
    tokens: Iterator[int] = field(default_factory=lambda: count(1))
    stopped: set[int] = field(default_factory=set)
    is_refused: bool = False  # its catalog was deleted
    failures: list[str] = field(default_factory=list)

    def work(self, delay: float = 0.0) -> None:
        """Try until all is loaded, the catalog is gone or somebody else has taken the run."""
        threading.Event().wait(delay)
        for _ in range(MOST_ATTEMPTS):
            try:
                return self._attempt(next(self.tokens))
            except StoreBusyError as exc:
                self.failures.append(str(exc))
            except LostLeaseError:
                return None
            except (NotFoundError, PermanentError) as exc:
                if "the catalog was deleted" not in str(exc):
                    raise
                self.is_refused = True
                return None
        msg = f"{MOST_ATTEMPTS} attempts: {self.failures}"
        raise AssertionError(msg)

    def _attempt(self, token: int) -> None:
        """Load what is left, as an executor does."""
        session = self._session(token)
        reached = replace(session.open(), identity=IDENTITY)
        mapping = PlainMapping(compile_mapping(self.load.definition, HEADER))
        preparing = Preparing(mapping, FILE, session, reached)
        batches = preparing.ahead(Held(self.load.batches), reached.position, lambda: None)
        with closing(batches) as ready, closing(Lanes(session, reached)) as lanes:
            for number, batch in enumerate(ready, reached.batches):
                if number in self.load.stops - self.stopped:
                    self.stopped.add(number)
                    raise StoreBusyError(STOPPED)
                lanes.load(batch)
            lanes.finish()

    def _session(self, token: int) -> LoadSession:
        engine, project_id = self.stage.engine, self.stage.project.id
        context = LoadContext(project_id=project_id, run_id=self.id, started_at=STARTED_AT)
        with database_errors(), engine.begin() as connection:
            real = open_destination(connection, self.load.definition, context)
        noting = Noting(real=real, project_id=project_id, run_id=self.id)
        keeping = Keeping(STARTED_AT, self.stage.plan.room)
        return LoadSession(engine, noting, run_id=self.id, token=token, keeping=keeping)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A project of a plan, with a catalog, and whatever is chance beside the plan."""

    engine: Engine
    plan: Plan
    salt: str
    project: Project
    catalog: tuple[int, str]  # its number, and what others call it

    def runs(self, suffix: str = "") -> list[Run]:
        """Return the plan's runs; with another suffix they are others."""
        seeds = [f"{self.salt} {number} {suffix}" for number in range(len(self.plan.loads))]
        ids = [hashlib.sha256(seed.encode()).hexdigest()[:24] for seed in seeds]
        return [Run(self, load, run_id) for load, run_id in zip(self.plan.loads, ids, strict=True)]

    def order_all(self, rng: random.Random) -> None:
        """Order what the plan says, one after the other, whatever becomes of it."""
        database = NotingDatabase(self.engine)
        clock = HandClock(STARTED_AT)
        audit, world = AuditStore(self.engine, clock), World(clock=clock, identity=SystemIdentity())
        people = Customers(database, audit=audit, world=world)
        shop = Catalogs(database, audit=audit, world=world)
        for number, order in enumerate(self.plan.orders):
            place = 0 if order.what in OF_PEOPLE else self.catalog[0]
            database.about.append(Note(self.project.id, ORDER, number, place))
            with contextlib.suppress(StoreBusyError, NotFoundError):
                self._ask(people, shop, order)
            threading.Event().wait(MOST_PAUSE * rng.random() ** 3)

    def _ask(self, people: Customers, shop: Catalogs, order: Order) -> None:
        project, catalog, ids = self.project, self.catalog[1], order.ids
        match order.what:
            case "upsert":
                people.upsert(project, ids, order.properties, order.at)
            case "add_event":
                people.add_event(project, ids, "visit", order.at, order.properties)
            case "anonymize":
                people.anonymize(project, [ids])
            case "replace":
                ways = {"indexed": True, "searchable": order.at is None}
                fields = [{"name": name, **ways} for name in order.properties]
                shop.replace(project, catalog, "Shop", fields)
            case "merge_item" | "put_item":
                getattr(shop, order.what)(project, catalog, ids["a"], order.properties)
            case "delete_item":
                shop.delete_item(project, catalog, ids["a"])
            case what:
                getattr(shop, what)(project, catalog)


def set_stage(engine: Engine, plan: Plan, salt: str) -> Stage:
    """Make the project of a plan, unless it is there, and its catalog."""
    names = hashlib.sha256(f"{plan.seed} {salt}".encode()).hexdigest()
    store = ProjectStore(engine)
    project = store.by_token(names[:24]) or store.add(names[:24], "Shop", STARTED_AT)
    new = NewCatalog(
        project_id=project.id,
        public_id=names[24:48],
        name="Shop",
        type=CatalogType.GENERIC,
        associated_catalog_id=None,
        fields=(),
        created_at=STARTED_AT,
    )
    with engine.begin() as connection:
        made = ensure_catalog(connection, new)
    catalog = (made.id, made.public_id)
    return Stage(engine=engine, plan=plan, salt=names, project=project, catalog=catalog)


def play(stage: Stage, runs: Sequence[Run], rng: random.Random, *, ordering: bool) -> None:
    """Let everything happen at once; raise what breaks."""
    tasks: list[Callable[[], None]] = [run.work for run in runs]
    tasks += [partial(run.work, rng.random() * 0.1) for run in runs if run.load.taken_over]
    if ordering:
        tasks.append(partial(stage.order_all, random.Random(rng.random())))
    errors: list[BaseException] = []

    def work_off(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as exc:  # noqa: BLE001 - raised below
            errors.append(exc)

    threads = [threading.Thread(target=work_off, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error


@contextmanager
def small_limits(limit: int) -> Iterator[None]:
    """Let little be sampled, packed and remembered, so that few rows come to all that is done."""
    postgresql, sqlite = "destinations.bulk.postgresql", "destinations.bulk.sqlite"
    limits = {
        "destinations.sampling.SAMPLE": limit,
        f"{postgresql}.reading_on.PAGE": 3 * limit,
        f"{postgresql}.reading_on.BLOCKS": 1,
        f"{postgresql}.reading_on.IN_A_BLOCK": limit,
        f"{postgresql}.reading_on.BY_INDEX_FOR_ONE": 3,
        f"{postgresql}.reading_on.MOST_KEPT": 20 * limit,
        f"{sqlite}.items._TOGETHER": 3 * limit,
        "destinations.spans.BREATH": 0.001,
    }
    with contextlib.ExitStack() as stack:
        for name, value in limits.items():
            stack.enter_context(patch(name, value))
        yield
