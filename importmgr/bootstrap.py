"""The one place that knows every concrete part: from settings to everything wired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine

from destinations.engine import create_engine
from importmgr.clock import SystemClock
from importmgr.executing.bell import Bell
from importmgr.executing.executor import Executor
from importmgr.executing.listener import Listener
from importmgr.executing.opening import Works, executor_terms, open_attempt
from importmgr.identity import SystemIdentity
from importmgr.metrics import Metrics
from importmgr.scheduling.couriers import Couriers
from importmgr.scheduling.housekeeping import Chores, Outages
from importmgr.scheduling.ticker import AlongWith, Ticker
from importmgr.scheduling.watcher import Watchers
from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.services import Services
from importmgr.services.access import Access
from importmgr.services.addresses import Addresses
from importmgr.services.audit import Audit
from importmgr.services.catalogs import Catalogs
from importmgr.services.control import RunCommands
from importmgr.services.courier import Courier
from importmgr.services.customers import Customers
from importmgr.services.definitions import Definitions
from importmgr.services.dry_runs import DryRuns
from importmgr.services.faults import Faults
from importmgr.services.figures import figures_of
from importmgr.services.firing import Firing
from importmgr.services.follow_ups import FollowUps
from importmgr.services.health import Health
from importmgr.services.integrations import Integrations
from importmgr.services.keys import Keys
from importmgr.services.new_files import NewFiles, NewFileTerms
from importmgr.services.pinging import pinging_of
from importmgr.services.projects import Projects
from importmgr.services.reading import storage_terms
from importmgr.services.receivers import receivers_of
from importmgr.services.rejects import Rejects
from importmgr.services.repairs import Repairs
from importmgr.services.rescheduling import Rescheduling
from importmgr.services.retention import Retention, retention_terms
from importmgr.services.runs import Runs
from importmgr.services.schedules import Schedules
from importmgr.services.secrets import Secrets, check_begun_with
from importmgr.services.sources import Sources
from importmgr.services.storages import Storages
from importmgr.services.watching import Watching
from importmgr.settings import Settings
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.hits import DatabaseWindow, FailedLogins
from importmgr.store.installation import InstallationStore
from importmgr.store.loading import Sessions
from importmgr.store.news import hear_own, listening
from importmgr.store.opening import open_stores
from importmgr.telling.channel import Channel
from importmgr.telling.channels import open_channels
from importmgr.terms import file_settings, firing_terms, open_spool, policy_of, shared_url_settings
from importmgr.world import World
from sources.spool import Spool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """A process's parts, ready to be used; `close` gives the database back."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    stores: Stores
    sources: Sources
    storages: Storages
    spool: Spool
    channels: Mapping[str, Channel]
    services: Services
    world: World
    bell: Bell

    def executor(self, owner: str, bell: Bell | None = None) -> Executor:
        """Return an executor that works off runs as `owner`."""
        works = Works(
            settings=self.settings,
            stores=self.stores,
            sources=self.sources,
            follow_ups=self.follow_ups(),
            spool=self.spool,
            clock=self.world.clock,
            sessions=Sessions(self.engine, self.settings.kept_rejects_bytes, self.stores.audit),
        )
        return Executor(
            self.stores.runs,
            open_attempt(works),
            terms=executor_terms(self.settings, owner, bell or self.bell),
            world=self.world,
            metrics=self.services.metrics,
        )

    def listener(self) -> Listener:
        """Return what hears of runs that other processes have queued, on PostgreSQL."""
        return Listener(partial(listening, self.engine), self.bell, clock=self.world.clock)

    def chores(self) -> Chores:
        """Return what has to be done regularly."""
        pause = timedelta(seconds=self.settings.lease_seconds)
        return Chores(
            outages=Outages.begin(pause, self.world.clock),
            runs=self.stores.runs,
            spool=self.spool,
            follow_ups=self.follow_ups(),
            retention=self.retention(),
        )

    def retention(self) -> Retention:
        """Return what forgets what is old."""
        terms, clock = retention_terms(self.settings), self.world.clock
        return Retention(self.stores, terms, metrics=self.services.metrics, clock=clock)

    def ticker(self) -> Ticker:
        """Return what fires definitions by the clock."""
        also = AlongWith(promises=self.stores.promises, rescheduling=self.rescheduling())
        return Ticker(self.firing(), also, every=self._tick, clock=self.world.clock)

    def watchers(self) -> Watchers:
        """Return what looks for new files."""
        size, clock = self.settings.watchers, self.world.clock
        return Watchers(self.watching(), size, pause=self._tick, clock=clock)

    def courier(self) -> Courier:
        """Return what delivers a notice."""
        deliveries, metrics = self.stores.deliveries, self.services.metrics
        timeout = timedelta(seconds=self.settings.webhook_timeout_seconds)
        return Courier(deliveries, self.channels, timeout, metrics=metrics, world=self.world)

    def couriers(self) -> Couriers:
        """Return what delivers notices all the time."""
        pings, metrics = self.stores.pings, self.services.metrics
        work = (self.courier(), pinging_of(self.settings, pings, metrics, self.world))
        return Couriers(work, self.settings.couriers, pause=self._tick, clock=self.world.clock)

    @property
    def _tick(self) -> timedelta:
        return timedelta(seconds=self.settings.tick_seconds)

    def watching(self) -> Watching:
        """Return what looks at a place and takes its new files."""
        return Watching(
            self.stores,
            storages=self.storages,
            addresses=Addresses(self.sources, self.spool),
            new_files=self.new_files(),
            clock=self.world.clock,
        )

    def follow_ups(self) -> FollowUps:
        """Return what does what is owed to files of ended runs."""
        return FollowUps(self.stores.follow_ups, self.storages, self.world.clock)

    def new_files(self) -> NewFiles:
        """Return what makes new files runs."""
        most, new_id = self.settings.max_waiting_runs, self.world.identity.hex24
        terms = NewFileTerms(most_waiting=most, new_id=new_id)
        return NewFiles(Database(self.engine), self.stores, terms)

    def firing(self) -> Firing:
        """Return what decides about definitions that are due."""
        terms = firing_terms(self.settings, self.world)
        return Firing(Database(self.engine), self.stores, terms, self.services.metrics)

    def rescheduling(self) -> Rescheduling:
        """Return what computes the future anew when the rules of time zones have changed."""
        return Rescheduling(Database(self.engine), self.stores)

    def check_keys(self) -> None:
        """Raise `SettingsError` unless the master keys are those this database was begun with."""
        begun_with = InstallationStore(self.engine).begun_with(self.keyring.oldest.id)
        check_begun_with(begun_with, self.keyring)

    def close(self) -> None:
        """Close every database connection."""
        self.engine.dispose()


def build(settings: Settings, world: World | None = None) -> Wiring:
    """Return everything a process needs, wired; the database must be migrated.

    The master key is made in the data folder if there is none. Raise `SettingsError` for a key
    that cannot be used.
    """
    world = world or World(clock=SystemClock(), identity=SystemIdentity())
    engine = create_engine(settings.database_url)
    keyring = Keyring.load(settings.key_path, settings.master_key)
    watch = timedelta(seconds=settings.watch_seconds)
    stores = open_stores(engine, world.clock, watch, settings.max_running_runs)
    sealer = Sealer(keyring)
    spool = open_spool(settings)
    metrics = figures_of(stores)
    url = shared_url_settings(settings, DatabaseWindow(engine, world.clock), spool, world, metrics)
    storages = Storages(
        stores,
        sealer=sealer,
        terms=storage_terms(settings, world),
        settings=file_settings(settings, spool, world, metrics),
    )
    sources = Sources(sealer=sealer, url_settings=url, storages=storages, clock=world.clock)
    channels = open_channels(settings, url.policy, sealer, world.clock)
    parts = _Parts(settings, engine, stores, channels, metrics, world)
    bell = Bell()
    if settings.embedded:
        hear_own(engine, bell.ring)
    return Wiring(
        bell=bell,
        settings=settings,
        engine=engine,
        keyring=keyring,
        stores=stores,
        sources=sources,
        storages=storages,
        spool=spool,
        channels=channels,
        services=parts.services(keyring, sealer, sources, storages),
        world=world,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What services are made of."""

    settings: Settings
    engine: Engine
    stores: Stores
    channels: Mapping[str, Channel]
    metrics: Metrics
    world: World

    def services(
        self, keyring: Keyring, sealer: Sealer, sources: Sources, storages: Storages
    ) -> Services:
        """Return one of each service."""
        stores, world, pepper = self.stores, self.world, keyring.pepper
        database = Database(self.engine)
        projects = Projects(stores, world=world)
        catalogs = Catalogs(database, audit=stores.audit, world=world)
        policy = policy_of(self.settings)
        definitions = Definitions(
            stores, catalogs=catalogs, sealer=sealer, policy=policy, world=world
        )
        runs = Runs(stores, definitions=definitions, sources=sources, policy=policy, world=world)
        rejects = Rejects(stores.rejects, audit=stores.audit, runs=runs, definitions=definitions)
        return Services(
            access=self._access(projects, pepper),
            audit=Audit(stores.audit),
            projects=projects,
            keys=Keys(stores, projects=projects, pepper=pepper, world=world),
            definitions=definitions,
            integrations=Integrations(stores, storages=storages, sealer=sealer, world=world),
            runs=runs,
            control=RunCommands(stores, runs=runs, policy=policy, world=world),
            faults=Faults(stores.faults, runs=runs),
            rejects=rejects,
            dry_runs=DryRuns(stores, definitions=definitions, policy=policy, world=world),
            repairs=Repairs(stores, runs=runs, rejects=rejects, policy=policy, world=world),
            schedules=Schedules(stores, definitions=definitions, policy=policy, clock=world.clock),
            catalogs=catalogs,
            customers=Customers(database, audit=stores.audit, world=world),
            receivers=receivers_of(stores, self.channels, sealer, world),
            secrets=Secrets(stores, keyring=keyring),
            health=Health({"database": database.ping}),
            window=DatabaseWindow(self.engine, world.clock),
            clock=world.clock,
            identity=world.identity,
            settings=self.settings,
            metrics=self.metrics,
        )

    def _access(self, projects: Projects, pepper: bytes) -> Access:
        """Count failed logins in the database, whatever the number of processes."""
        window = DatabaseWindow(self.engine, self.world.clock)
        return Access(
            self.stores.keys,
            projects=projects,
            failed=FailedLogins(window, self.settings.failed_logins_per_minute),
            pepper=pepper,
            clock=self.world.clock,
        )
