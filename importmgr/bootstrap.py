"""The one place that knows every concrete part: from settings to everything wired.

What works off runs is imported at once, the use cases and what is done regularly when they are
first asked for: a process that does neither is ready 0.15 s sooner without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from destinations.engine import create_engine
from importmgr.clock import SystemClock
from importmgr.executing.bell import Bell
from importmgr.executing.executor import Executor
from importmgr.executing.opening import Works, executor_terms, open_attempt
from importmgr.identity import SystemIdentity
from importmgr.metrics import Metrics
from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.services.figures import figures_of
from importmgr.services.follow_ups import FollowUps
from importmgr.services.reading import address_policy, storage_terms
from importmgr.services.secrets import check_begun_with
from importmgr.services.sources import Sources
from importmgr.services.storages import Storages
from importmgr.settings import Settings
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.hits import DatabaseWindow
from importmgr.store.installation import InstallationStore
from importmgr.store.loading import Sessions
from importmgr.store.news import hear_own, listening
from importmgr.store.opening import open_stores
from importmgr.terms import file_settings, firing_terms, open_spool, shared_url_settings
from importmgr.world import World
from sources.spool import Spool

if TYPE_CHECKING:
    from importmgr.executing.listener import Listener
    from importmgr.scheduling.couriers import Couriers
    from importmgr.scheduling.housekeeping import Chores
    from importmgr.scheduling.ticker import Ticker
    from importmgr.scheduling.watcher import Watchers
    from importmgr.services import Services
    from importmgr.services.courier import Courier
    from importmgr.services.firing import Firing
    from importmgr.services.new_files import NewFiles
    from importmgr.services.rescheduling import Rescheduling
    from importmgr.services.retention import Retention
    from importmgr.services.watching import Watching
    from importmgr.telling.channel import Channel


@dataclass(frozen=True, kw_only=True)  # without slots: some parts are kept once they are made
class Wiring:
    """A process's parts, ready to be used; `close` gives the database back."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    sealer: Sealer
    stores: Stores
    sources: Sources
    storages: Storages
    spool: Spool
    metrics: Metrics
    world: World
    bell: Bell

    @cached_property
    def services(self) -> Services:
        """Return one of each service."""
        from importmgr.use_cases import Parts, services_of  # noqa: PLC0415 - see above

        parts = Parts(
            settings=self.settings,
            database=Database(self.engine),
            window=DatabaseWindow(self.engine, self.world.clock),
            keyring=self.keyring,
            sealer=self.sealer,
            stores=self.stores,
            sources=self.sources,
            storages=self.storages,
            channels=self.channels,
            metrics=self.metrics,
            world=self.world,
        )
        return services_of(parts)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Return every channel of notices by its name."""
        from importmgr.telling.channels import open_channels  # noqa: PLC0415 - see above

        policy = address_policy(self.settings)
        return open_channels(self.settings, policy, self.sealer, self.world.clock)

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
            metrics=self.metrics,
        )

    def listener(self) -> Listener:
        """Return what hears of runs that other processes have queued, on PostgreSQL."""
        from importmgr.executing.listener import Listener  # noqa: PLC0415 - see above

        return Listener(partial(listening, self.engine), self.bell, clock=self.world.clock)

    def chores(self) -> Chores:
        """Return what has to be done regularly."""
        from importmgr.scheduling.housekeeping import Chores, Outages  # noqa: PLC0415 - see above

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
        from importmgr.services.retention import Retention, retention_terms  # noqa: PLC0415 - see above

        terms, clock = retention_terms(self.settings), self.world.clock
        return Retention(self.stores, terms, metrics=self.metrics, clock=clock)

    def ticker(self) -> Ticker:
        """Return what fires definitions by the clock."""
        from importmgr.scheduling.ticker import AlongWith, Ticker  # noqa: PLC0415 - see above

        also = AlongWith(promises=self.stores.promises, rescheduling=self.rescheduling())
        return Ticker(self.firing(), also, every=self._tick, clock=self.world.clock)

    def watchers(self) -> Watchers:
        """Return what looks for new files."""
        from importmgr.scheduling.watcher import Watchers  # noqa: PLC0415 - see above

        size, clock = self.settings.watchers, self.world.clock
        return Watchers(self.watching(), size, pause=self._tick, clock=clock)

    def courier(self) -> Courier:
        """Return what delivers a notice."""
        from importmgr.services.courier import Courier  # noqa: PLC0415 - see above

        deliveries, metrics = self.stores.deliveries, self.metrics
        timeout = timedelta(seconds=self.settings.webhook_timeout_seconds)
        return Courier(deliveries, self.channels, timeout, metrics=metrics, world=self.world)

    def couriers(self) -> Couriers:
        """Return what delivers notices all the time."""
        from importmgr.scheduling.couriers import Couriers  # noqa: PLC0415 - see above
        from importmgr.services.pinging import pinging_of  # noqa: PLC0415 - see above

        pings, metrics = self.stores.pings, self.metrics
        work = (self.courier(), pinging_of(self.settings, pings, metrics, self.world))
        return Couriers(work, self.settings.couriers, pause=self._tick, clock=self.world.clock)

    @property
    def _tick(self) -> timedelta:
        return timedelta(seconds=self.settings.tick_seconds)

    def watching(self) -> Watching:
        """Return what looks at a place and takes its new files."""
        from importmgr.services.addresses import Addresses  # noqa: PLC0415 - see above
        from importmgr.services.watching import Watching  # noqa: PLC0415 - see above

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
        from importmgr.services.new_files import NewFiles, NewFileTerms  # noqa: PLC0415 - see above

        most, new_id = self.settings.max_waiting_runs, self.world.identity.hex24
        terms = NewFileTerms(most_waiting=most, new_id=new_id)
        return NewFiles(Database(self.engine), self.stores, terms)

    def firing(self) -> Firing:
        """Return what decides about definitions that are due."""
        from importmgr.services.firing import Firing  # noqa: PLC0415 - see above

        terms = firing_terms(self.settings, self.world)
        return Firing(Database(self.engine), self.stores, terms, self.metrics)

    def rescheduling(self) -> Rescheduling:
        """Return what computes the future anew when the rules of time zones have changed."""
        from importmgr.services.rescheduling import Rescheduling  # noqa: PLC0415 - see above

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
    bell = Bell()
    if settings.embedded:
        hear_own(engine, bell.ring)
    return Wiring(
        bell=bell,
        settings=settings,
        engine=engine,
        keyring=keyring,
        sealer=sealer,
        stores=stores,
        sources=sources,
        storages=storages,
        spool=spool,
        metrics=metrics,
        world=world,
    )
